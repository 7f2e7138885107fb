/** Faults that somebody could make, each with the check that must find it. A fault changes the templates, as a slip in blueprint or constructs would. */
import { dataFaults } from "./data.ts";
import { eventsFaults } from "./events.ts";
import { rightsFaults } from "./rights.ts";
import type { Fault } from "./shop.ts";
import { webFaults } from "./web.ts";

export { openShop } from "./shop.ts";

export const faults: readonly Fault[] = [...rightsFaults, ...eventsFaults, ...dataFaults, ...webFaults];
