export { checkInstant, lastInstantMs } from "./instant.ts";
export { createTimers, type Timers, type TimersOptions } from "./timers.ts";
