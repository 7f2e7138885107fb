/** Short messages that leave by themselves. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../../ui/src/clock.ts";

/** A sentence at the screen's edge; `warn` for what did not work. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "warn";
}

/** The sentences that are shown now, the oldest first. */
export interface Notices {
  readonly list: ReadonlySignal<readonly Notice[]>;
  add(text: string, tone?: Notice["tone"]): void;
  dismiss(id: number): void;
}

const SHOWN_MS = 8_000;
const MOST = 3;

/** Returns notices that go by themselves after 8 s. */
export function createNotices(clock: Clock): Notices {
  const list = signal<readonly Notice[]>([]);
  let last = 0;
  const dismiss = (id: number): void => void (list.value = list.peek().filter((notice) => notice.id !== id));
  return {
    list,
    dismiss,
    add(text, tone = "plain") {
      const id = ++last;
      list.value = [...list.peek(), { id, text, tone }].slice(-MOST);
      clock.after(SHOWN_MS, () => dismiss(id));
    },
  };
}
