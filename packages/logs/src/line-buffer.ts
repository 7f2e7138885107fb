/** Gathers lines in memory and hands them over together, at most every `pauseMs`. */
import type { Clock } from "@serverlesspresso/ports";

/** A line that waits to be written. */
export interface BufferedLine {
  readonly group: string;
  readonly stream: string;
  readonly timestampMs: number;
  readonly message: string;
}

/** Collects lines, so that many share one transaction. */
export interface LineBuffer {
  add(line: BufferedLine): void;
  /** Hands over what there is; resolves when that is done, and all handed over before. */
  flush(): Promise<void>;
}

const pauseMs = 100;
const mostLines = 5_000;

/** Returns a buffer that hands its lines to `write` after a short wait, one batch at a time. */
export function createLineBuffer(clock: Clock, write: (lines: readonly BufferedLine[]) => Promise<void>): LineBuffer {
  let lines: BufferedLine[] = [];
  let disarm: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    disarm?.();
    disarm = undefined;
    if (lines.length > 0) {
      const batch = lines;
      lines = [];
      writing = Promise.all([writing, write(batch)]).then(() => {});
    }
    return writing;
  }

  return {
    add(line) {
      lines.push(line);
      if (lines.length >= mostLines) void flush();
      else disarm ??= clock.at(clock.nowMs() + pauseMs, () => void flush());
    },
    flush,
  };
}
