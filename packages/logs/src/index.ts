export { LogsError, type LogsErrorCode } from "./errors.ts";
export type { LinkedEvent, LinkedRange, LinkedStore } from "./linked-events.ts";
export type { LogEvent } from "./log-store.ts";
export { createLogs, type Logs, type LogsOptions } from "./logs.ts";
export { redact } from "./redact.ts";
