/**
 * Turns at a scarce resource.
 *
 * Q1. At most `concurrency` pieces of work are under way.
 * Q2. Lanes take turns, and within a lane its callers: who asks for much at once waits behind themselves.
 * Q3. No caller waits beyond the places of the lane, or of the caller in it: it is refused at once.
 */
export interface Turns {
  /** Does the work when its turn comes. Rejects with `full()` where there is no place to wait (Q3). */
  run<T>(place: Place, work: () => Promise<T>): Promise<T>;
}

/** Where a piece of work waits. */
export interface Place {
  readonly lane: string;
  readonly caller: string;
}

/** The bounds of the queue. `full` makes the error that a refused caller receives. */
export interface TurnsOptions {
  readonly concurrency: number;
  readonly mostInLane: number;
  readonly mostOfCaller: number;
  readonly full: () => Error;
}

type Begin = () => void;

/** What waits, by name, whose turn is next standing first. */
type Ring<T> = Map<string, T>;

/** Returns turns of which `concurrency` run at once, lane by lane and caller by caller (Q1 to Q3). */
export function createTurns({ concurrency, mostInLane, mostOfCaller, full }: TurnsOptions): Turns {
  let running = 0;
  const lanes: Ring<Ring<Begin[]>> = new Map();

  function wait({ lane, caller }: Place): Promise<void> {
    const callers = lanes.get(lane) ?? new Map<string, Begin[]>();
    const own = callers.get(caller) ?? [];
    const inLane = [...callers.values()].reduce((sum, waiting) => sum + waiting.length, 0);
    if (own.length >= mostOfCaller || inLane >= mostInLane) throw full();
    lanes.set(lane, callers.set(caller, own));
    return new Promise((begin) => own.push(begin));
  }

  /** Q2: the caller whose turn it was goes to the end. */
  function next(): Begin | undefined {
    const [lane, callers] = first(lanes) ?? [];
    const [caller, waiting] = (callers && first(callers)) ?? [];
    if (lane === undefined || callers === undefined || caller === undefined || waiting === undefined) return undefined;
    const begin = waiting.shift();
    toEnd(callers, caller, waiting.length > 0);
    toEnd(lanes, lane, callers.size > 0);
    return begin;
  }

  return {
    async run(place, work) {
      if (running >= concurrency) await wait(place);
      else running++;
      try {
        return await work();
      } finally {
        const begin = next();
        if (begin === undefined) running--;
        else begin();
      }
    },
  };
}

function first<T>(ring: Ring<T>): [string, T] | undefined {
  return ring.entries().next().value;
}

function toEnd<T>(ring: Ring<T>, name: string, stays: boolean): void {
  const value = ring.get(name) as T;
  ring.delete(name);
  if (stays) ring.set(name, value);
}
