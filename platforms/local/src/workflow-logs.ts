import type { Logs } from "@serverlesspresso/logs";
import type { ExpressLog } from "@serverlesspresso/workflow";

/**
 * Writes an Express execution to its log group: one line for one that succeeded, naming the way it took; every event of
 * one that did not.
 */
export function logExpress(logs: Logs, { stateMachineName, executionArn, events }: ExpressLog): void {
  const group = `/aws/vendedlogs/states/${stateMachineName}`;
  const last = events.at(-1);
  if (last?.type !== "ExecutionSucceeded") {
    for (const event of events) logs.append(group, JSON.stringify({ ...event, execution_arn: executionArn }));
    return;
  }
  const path = events.filter(({ type }) => type.endsWith("StateEntered")).map(({ details }) => details?.name);
  const tookMs = last.timestampMs - (events[0]?.timestampMs ?? last.timestampMs);
  logs.append(group, JSON.stringify({ execution_arn: executionArn, type: last.type, path, durationMs: tookMs }));
}
