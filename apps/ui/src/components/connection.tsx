import { age } from "../format.ts";
import { useKit } from "../kit-context.ts";
import type { Live } from "../live.ts";

/** Says when what is shown may be old, and how old it is. */
export function Connection({ live }: { live: Live }) {
  const { words, now, clock } = useKit();
  const { fresh, heardMs } = live.state.value;
  const { seconds, minutes, stale, offline } = words.value;
  return (
    <div role="status">
      {!fresh && now.value > 0 && (
        <div class="connection">
          <span class="spinner" aria-hidden="true" />
          {heardMs ? stale(ageText(clock.nowMs() - heardMs, seconds, minutes)) : offline}
        </div>
      )}
    </div>
  );
}

function ageText(ms: number, seconds: (value: number) => string, minutes: (value: number) => string): string {
  const { value, unit } = age(ms);
  // Ten-second steps, or a screen reader would have to count along.
  return unit === "s" ? seconds(Math.ceil(value / 10) * 10) : minutes(value);
}
