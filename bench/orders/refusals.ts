/** What was no success, counted by status and problem type. */
export interface Refusals {
  note(status: number, problem: string | undefined): void;
  /** `3 × 409 order-not-ready, 1 × 503`; a dash where all was well. */
  print(): string;
}

export function createRefusals(): Refusals {
  const counts = new Map<string, number>();
  return {
    note(status, problem) {
      const slug = problem?.split(":").at(-1);
      const kind = slug === undefined ? `${status}` : `${status} ${slug}`;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    },
    print: () => (counts.size === 0 ? "–" : [...counts].map(([kind, number]) => `${number} × ${kind}`).join(", ")),
  };
}
