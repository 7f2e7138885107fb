/** Work for which a crowd may ask at once, one piece after another: it takes a share of the loop's time and leaves the rest to other work. */
export interface SpareTurns {
  /** Runs `work` in its turn, in the order of the calls. */
  add(work: () => void): void;
}

/** Others get so many times as long as the work took. */
const othersShare = 3;
/** Turns of the loop after which they want no more, however short these were: the loop takes one new connection in each. */
const mostTurns = 4;
/** However long the others took, for so long and no longer are they held up at once. */
const mostMs = 5;

/** An idle loop does the work at once; a busy one in proportion, at least a piece in so many turns. */
export function createSpareTurns(): SpareTurns {
  let waiting: (() => void)[] = [];
  let next = 0;
  let isScheduled = false;
  let endedMs = 0;
  let tookMs = 0;
  let turns = mostTurns;

  function turn(): void {
    turns += 1;
    const shareMs = (loopMs() - endedMs) / othersShare;
    if (turns > mostTurns || shareMs >= tookMs) work(Math.min(mostMs, shareMs));
    // Only now: work that adds work would schedule a turn for what this one still does.
    isScheduled = false;
    if (next < waiting.length) schedule();
  }

  function work(forMs: number): void {
    const fromMs = loopMs();
    do (waiting[next++] as () => void)();
    while (next < waiting.length && loopMs() - fromMs < forMs);
    if (next > 1_000 || next === waiting.length) [waiting, next] = [waiting.slice(next), 0];
    [endedMs, turns] = [loopMs(), 0];
    tookMs = endedMs - fromMs;
  }

  function schedule(): void {
    if (!isScheduled) setImmediate(turn);
    isScheduled = true;
  }

  return {
    add(work) {
      waiting.push(work);
      schedule();
    },
  };
}

function loopMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
