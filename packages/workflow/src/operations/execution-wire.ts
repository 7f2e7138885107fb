/** An execution as Step Functions' wire has it. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Engine } from "../engine.ts";
import { type Found, startOf } from "../found.ts";
import type { MapRunRecord } from "../map-runs.ts";
import { qualifiersOf } from "../names.ts";
import type { ClosedRecord } from "../records.ts";
import { seconds } from "./request.ts";

/** Returns what lists and descriptions say of an execution. @param run of a child, its Map run */
export function summaryOf({ arns }: Engine, found: Found, run?: MapRunRecord): JsonObject {
  const identity = "running" in found ? found.running : found.closed;
  const { name, redrives } = identity;
  return {
    executionArn: arns.execution(found.machine, name),
    stateMachineArn: arns.stateMachine(found.machine),
    ...qualifiersOf(arns, found.machine, identity),
    name,
    startDate: seconds(startOf(found)),
    ...("running" in found ? { status: "RUNNING" } : { status: statusOf(found.closed, run), stopDate: seconds(found.closed.stopMs) }),
    redriveCount: redrives?.count ?? 0,
    ...(redrives && { redriveDate: seconds(redrives.redriveMs) }),
  };
}

/** Returns the status of an execution that has ended. A child that is to be redriven waits for it as long as its run goes on. */
export function statusOf({ status, pending }: ClosedRecord, run: MapRunRecord | undefined): string {
  return pending && run?.report.status === "RUNNING" ? "PENDING_REDRIVE" : status;
}
