/** The last instant a `Date` can hold. */
export const lastInstantMs = 8_640_000_000_000_000;

/**
 * `atMs`, checked: whole milliseconds since the epoch.
 * @param what names the number in the message, e.g. `timer of workflow "Order:17"`
 * @throws {RangeError}
 */
export function checkInstant(atMs: number, what: string): number {
  if (Number.isInteger(atMs) && atMs >= 0 && atMs <= lastInstantMs) return atMs;
  throw new RangeError(`${what} is at ${atMs}, expected whole milliseconds from 0 to ${lastInstantMs}`);
}
