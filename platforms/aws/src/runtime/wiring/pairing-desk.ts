import { clock, ids } from "../base.ts";
import { createPairingDesk } from "../pairing/pairing-desk.ts";
import { platformTable } from "../platform-table.ts";
import { tables } from "./tables.ts";

export const pairingDesk = createPairingDesk({ tables, clock, ids, tableName: platformTable });
