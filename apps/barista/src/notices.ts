/** Short messages that leave by themselves. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "../../ui/src/clock.ts";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "warn";
}

export interface Notices {
  readonly list: ReadonlySignal<readonly Notice[]>;
  add(text: string, tone?: Notice["tone"]): void;
  dismiss(id: number): void;
}

const SHOWN_MS = 8_000;
const MOST = 3;

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
