import { deviceClock, sleep } from "./clock.ts";

const RETRY_MS = 2_000;

/** Tries until it works, every 2 s: for code that must come before anything can be shown. */
export async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await sleep(deviceClock, RETRY_MS);
    }
  }
}
