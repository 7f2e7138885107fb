/** Commands on a folder without a running bar write their own acts into its audit log (U1): no other process could. */

import type { JsonObject } from "@serverlesspresso/ports";
import { openStore } from "@serverlesspresso/store";
import { createShopClock } from "../shop-clock.ts";
import { type Act, createAudit } from "./audit.ts";

/** An act of an operator with a terminal on this machine. */
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
