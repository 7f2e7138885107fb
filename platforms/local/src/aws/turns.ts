/**
 * Calls take turns: what comes in together does not hold up everything else for as long as all of it takes.
 *
 * TU1. Once the calls of one turn of the event loop have taken `mostMs`, those that are left wait for a later turn, in order.
 * TU2. Only what a call does at once is counted, not what it waits for.
 */
export interface Turns {
  run<T>(call: () => Promise<T>): Promise<T>;
}

/**
 * Returns the turns of calls.
 * @param mostMs how long calls may take in one turn of the event loop, in ms
 */
export function createTurns(mostMs = 10): Turns {
  const waiting: (() => void)[] = [];
  let takenMs = 0;
  let endsSoon = false;

  async function begin<T>(call: () => Promise<T>): Promise<T> {
    endSoon();
    const from = process.hrtime.bigint();
    try {
      // Not awaited here: TU2.
      return call();
    } finally {
      takenMs += Number(process.hrtime.bigint() - from) / 1e6;
    }
  }

  function endSoon(): void {
    if (!endsSoon) setImmediate(nextTurn);
    endsSoon = true;
  }

  function nextTurn(): void {
    takenMs = 0;
    endsSoon = false;
    do waiting.shift()?.();
    while (takenMs < mostMs && waiting.length > 0);
  }

  return {
    run(call) {
      if (takenMs < mostMs && waiting.length === 0) return begin(call);
      endSoon();
      return new Promise((resolve, reject) => waiting.push(() => begin(call).then(resolve, reject)));
    },
  };
}
