import type { Blueprint } from "@serverlesspresso/blueprint";
import type { Engines } from "../engines.ts";
import { putBlueprint } from "../put-blueprint.ts";
import type { Undo } from "../undo.ts";
import { type Keep, noteKeep, usualKeep } from "../upkeep/keep.ts";
import { createShopUpkeep } from "../upkeep/upkeep.ts";
import type { Report } from "./report.ts";
import { startEngines } from "./start-engines.ts";

/** Puts the blueprint into the connected engines and starts them (P6), then what clears up after them. */
export async function run(engines: Engines, blueprint: Blueprint, keep: Keep = usualKeep, report: Report, undo: Undo): Promise<void> {
  await putBlueprint(engines, blueprint);
  await startEngines(engines, blueprint, report, undo);
  await noteKeep(engines.store, keep);
  const upkeep = createShopUpkeep(engines, blueprint.names.orderTable, keep, report);
  upkeep.start();
  undo.push(() => upkeep.stop());
}
