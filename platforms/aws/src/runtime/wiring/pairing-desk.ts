import { clock, ids, names } from "../base.ts";
import { createPairingDesk } from "../pairing/pairing-desk.ts";
import { tables } from "./tables.ts";

/** The pairing desk over the platform's own table. */
export const pairingDesk = createPairingDesk({ tables, clock, ids, tableName: names.platformTable });
