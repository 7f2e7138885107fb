/** Plausible faults, each with the check that must find it. A fault changes the templates, as a mistake in blueprint or constructs would. */
import { dataFaults } from "./data.ts";
import { eventsFaults } from "./events.ts";
import { rightsFaults } from "./rights.ts";
import type { Fault } from "./shop.ts";
import { webFaults } from "./web.ts";

export { openShop } from "./shop.ts";

/** All faults. */
export const faults: readonly Fault[] = [...rightsFaults, ...eventsFaults, ...dataFaults, ...webFaults];
