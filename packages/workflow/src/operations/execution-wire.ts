/** An execution as Step Functions' wire has it. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Engine } from "../engine.ts";
import type { Found } from "../found.ts";
import { type ExecutionId, partsOfId } from "../keys.ts";
import type { MapRunRecord } from "../map-runs.ts";
import { qualifiersOf } from "../names.ts";
import type { ClosedRecord, ExecutionIdentity } from "../records.ts";
import { seconds } from "./request.ts";

/** Returns what lists and descriptions say of an execution. @param run of a child, its Map run */
export function summaryOf(engine: Pick<Engine, "arns">, found: Found, run?: MapRunRecord): JsonObject {
  if ("running" in found) return runningSummary(engine, found.id, found.machine, found.running);
  const { closed } = found;
  return summary(engine, found.id, found.machine, closed, { status: statusOf(closed, run), stopDate: seconds(closed.stopMs) });
}

/** Returns the same of one that runs. */
export function runningSummary(engine: Pick<Engine, "arns">, id: ExecutionId, machine: string, identity: ExecutionIdentity): JsonObject {
  return summary(engine, id, machine, identity, { status: "RUNNING" });
}

function summary(
  { arns }: Pick<Engine, "arns">,
  id: ExecutionId,
  machine: string,
  identity: ExecutionIdentity,
  standing: JsonObject,
): JsonObject {
  const { name, redrives, child } = identity;
  return {
    executionArn: arns.execution(machine, name),
    stateMachineArn: arns.stateMachine(machine),
    ...qualifiersOf(arns, machine, identity),
    name,
    startDate: seconds(child?.startMs ?? partsOfId(id).startMs),
    ...standing,
    redriveCount: redrives?.count ?? 0,
    ...(redrives && { redriveDate: seconds(redrives.redriveMs) }),
  };
}

/** Returns the status of an execution that has ended. A child that is to be redriven waits for it as long as its run goes on. */
export function statusOf({ status, pending }: ClosedRecord, run: MapRunRecord | undefined): string {
  return pending && run?.report.status === "RUNNING" ? "PENDING_REDRIVE" : status;
}
