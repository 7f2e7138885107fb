/** What commands do to a folder on which no bar runs is written down too (U1): by them, for nobody else can. */

import type { JsonObject } from "@serverlesspresso/ports";
import { openStore } from "@serverlesspresso/store";
import { createShopClock } from "../shop-clock.ts";
import { type Act, createAudit } from "./audit.ts";

/** An act of whoever has a terminal on this machine. */
export function commandAct(what: string, about: JsonObject = {}): Act {
  return { who: `command line, user ${process.getuid?.() ?? "unknown"}`, address: "", what, about };
}

/**
 * Writes an act into the store of `folder`.
 * @throws {StoreError} `InUse` where a bar runs on it, `NewerVersion`, `Damaged`
 */
export async function noteOffline(folder: string, act: Act): Promise<void> {
  const store = await openStore({ folder, onFailure: () => {} });
  try {
    await createAudit({ store, clock: createShopClock(store), onError: () => {} }).note(act);
  } finally {
    await store.close();
  }
}
