import type { Logs } from "@serverlesspresso/logs";
import type { ExpressLog } from "@serverlesspresso/workflow";

const failures: ReadonlySet<string> = new Set(["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]);

/**
 * Writes an Express execution to its log group, as its level ERROR would: every event with its data of one that failed, else one
 * line that names the way it took.
 */
export function logExpress(logs: Logs, { stateMachineName, executionArn, events }: ExpressLog): void {
  const group = `/aws/vendedlogs/states/${stateMachineName}`;
  const [first, last] = [events.at(0), events.at(-1)];
  if (first === undefined || last === undefined) return;
  if (failures.has(last.type)) {
    for (const event of events) logs.append(group, JSON.stringify({ ...event, execution_arn: executionArn }));
    return;
  }
  const path = events.filter(({ type }) => type.endsWith("StateEntered")).map(({ details }) => details?.name);
  const durationMs = last.timestampMs - first.timestampMs;
  logs.append(group, JSON.stringify({ execution_arn: executionArn, type: last.type, path, durationMs }));
}
