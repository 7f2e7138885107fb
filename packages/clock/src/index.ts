export { createFollowingClock, type FollowingClockOptions } from "./following-clock.ts";
export { type Machine, thisMachine } from "./machine.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createManualMachine, type ManualMachine } from "./manual-machine.ts";
export { createIds } from "./random-ids.ts";
export { createSystemClock, type SystemClockOptions } from "./system-clock.ts";
