export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createIds } from "./random-ids.ts";
export { createSystemClock } from "./system-clock.ts";
