/** Operations of AWS that read; TestState performs its task. */
const read = /^(?:Get|List|Describe|Batch(?:Get)|Query|Scan|Test(?!State)|Validate|Filter|Search|Transact(?:Get)|Lookup|Admin(?:Get|List))/;
/** What consumers, workers and producers do without end, some of it by names that sound like reading: CloudTrail leaves such data events out, too. */
const streaming = new Set([
  "ReceiveMessage",
  "DeleteMessage",
  "DeleteMessageBatch",
  "ChangeMessageVisibility",
  "ChangeMessageVisibilityBatch",
  "GetActivityTask",
  "SendTaskHeartbeat",
  "PutMetricData",
  "PutLogEvents",
]);

/** Whether an operation changes nothing. */
export function isReading(operation: string): boolean {
  return read.test(operation) && !streaming.has(operation);
}

/** Whether an operation is an operator's act, to be written down. */
export function isAct(operation: string): boolean {
  return !isReading(operation) && !streaming.has(operation);
}
