/**
 * Code that is fetched later.
 *
 * LC1. A browser remembers that fetching a module failed and never asks again, so the only way on is a new page. Nothing is lost by it:
 *     draft, outbox and session lie on the device.
 * LC2. The page is loaded anew once the server answers, and not more than once in half a minute.
 */
import { deviceClock, sleep } from "./clock.ts";
import { openShelf } from "./storage.ts";

const RETRY_MS = 2_000;
const BETWEEN_RELOADS_MS = 30_000;
const RELOADED = "reloadedMs";

/** Resolves with the module; where that fails, ends in a new page (LC1). */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    return reloadWhenAnswered();
  }
}

async function reloadWhenAnswered(): Promise<never> {
  const shelf = openShelf("serverlesspresso.");
  for (;;) {
    await sleep(deviceClock, RETRY_MS);
    const sinceMs = Math.abs(deviceClock.nowMs() - (shelf.get<number>(RELOADED) ?? 0));
    if (sinceMs < BETWEEN_RELOADS_MS || !(await isAnswering())) continue;
    shelf.set(RELOADED, deviceClock.nowMs());
    location.reload();
  }
}

const isAnswering = (): Promise<boolean> =>
  fetch(location.pathname, { cache: "no-store" }).then(
    (response) => response.ok,
    () => false,
  );
