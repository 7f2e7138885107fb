import { age, urgency } from "../format.ts";
import { useKit } from "../kit-context.ts";

/** Shapes for those who cannot tell the colours apart: a circle, a triangle, an octagon. */
const shapes = {
  calm: "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z",
  soon: "M12 2.500L23 21.500H1z",
  late: "M8 1.500h8L22.500 8v8L16 22.500H8L1.500 16V8z",
} as const;

/** How long something has lasted, with a colour and a shape for how pressing it is. */
export function Age({ sinceMs, labels }: { sinceMs: number; labels: Readonly<Record<"calm" | "soon" | "late", string>> }) {
  const { now, words } = useKit();
  const ms = now.value - sinceMs;
  const { value, unit } = age(ms);
  const level = urgency(ms);
  return (
    <span class={`age ${level}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={shapes[level]} fill="currentColor" />
      </svg>
      <span class="numeric">{unit === "s" ? words.value.seconds(value) : words.value.minutes(value)}</span>
      <span class="visually-hidden">{labels[level]}</span>
    </span>
  );
}
