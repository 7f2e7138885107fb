/**
 * Full jitter: a random wait in [0, 8 s), the bound doubling with each failure up to 60 s, so that a thousand phones come back
 * to a restarted server spread out in time.
 */
export function reconnectDelayMs(failures: number, random: number): number {
  return Math.floor(random * Math.min(60_000, 8_000 * 2 ** failures));
}
