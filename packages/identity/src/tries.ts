/**
 * Tries of a password whose outcome is not known yet.
 *
 * T1. A try holds its place under each limit while it is checked. Who finds a limit full of such waits in line until one of them is known:
 *     a right one gives its place back, a wrong one keeps it. Refused is only who finds it full of wrong ones.
 * T2. No caller waits beyond the places of a line: it is refused, and nothing was checked.
 */
import { busy, IdentityError } from "./errors.ts";

/** Told by who counts a try, in one synchronous run. */
export interface Counting {
  /** The place that is taken next. */
  next(place: string): void;
  /** All places are taken. */
  done(): void;
}

/** Tries whose outcome is open, counted against their limits before they are known to be wrong. */
export interface TriesUnderWay {
  /**
   * Counts a try, waiting for others under way where a limit is full of them. Resolves with the result of `count` and the function that ends the try.
   * @param count rejects with `TooManyRequestsException` where the place it named last is full
   */
  begin<T>(count: (counting: Counting) => Promise<T>): Promise<readonly [T, () => void]>;
}

const mostInLine = 400;

/** Returns the counter of open tries. */
export function createTries(): TriesUnderWay {
  const underWay = new Map<string, number>();
  const lines = new Map<string, (() => void)[]>();

  const hold = (place: string): void => void underWay.set(place, (underWay.get(place) ?? 0) + 1);

  /** Lets the next in line look again; all of them if no try is left to wait for. */
  function leave(place: string): void {
    const left = (underWay.get(place) ?? 1) - 1;
    const line = lines.get(place) ?? [];
    if (left === 0) underWay.delete(place);
    else underWay.set(place, left);
    for (const goOn of line.splice(0, left === 0 ? line.length : 1)) goOn();
    if (line.length === 0) lines.delete(place);
  }

  function wait(place: string): Promise<void> {
    const line = lines.get(place) ?? [];
    if (line.length >= mostInLine) throw busy();
    lines.set(place, line);
    return new Promise((goOn) => line.push(goOn));
  }

  return {
    async begin(count) {
      for (;;) {
        const places: string[] = [];
        let held: readonly string[] = [];
        let wasUnderWay = false;
        const end = (): void => held.forEach(leave);
        const counting: Counting = {
          next(place) {
            places.push(place);
            wasUnderWay = underWay.has(place);
          },
          done() {
            held = places;
            places.forEach(hold);
          },
        };
        try {
          return [await count(counting), end] as const;
        } catch (error) {
          end();
          const full = places.at(-1);
          const isFull = held.length === 0 && error instanceof IdentityError && error.code === "TooManyRequestsException";
          if (!isFull || full === undefined || !wasUnderWay) throw error;
          if (underWay.has(full)) await wait(full);
        }
      }
    },
  };
}
