import { beforeEach } from "vitest";

/** A case that comes out otherwise on AWS than on the local platform. */
export interface Gap {
  /** The test's name; with `*` at its end, how the names of several begin. */
  readonly case: string;
  readonly because: string;
  /** It would wait for what never comes, so it is left out. Any other is run, and has to fail: a gap that has closed is to be taken off the list. */
  readonly neverEnds?: true;
}

/** Names the gaps of the cases that are loaded from now on. */
export function withGaps(gaps: readonly Gap[]): void {
  beforeEach(({ task, skip }) => {
    const gap = gaps.find((one) => isOf(task.name, one.case));
    if (gap?.neverEnds) skip(gap.because);
    if (gap !== undefined) Object.assign(task, { fails: true });
  });
}

function isOf(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
