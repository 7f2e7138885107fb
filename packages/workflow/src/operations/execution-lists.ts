/** ListExecutions, as on Step Functions' wire. */
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import type { Engine } from "../engine.ts";
import { typeNotSupported, WorkflowError } from "../errors.ts";
import { childOf, type Found } from "../found.ts";
import { partsOfId } from "../keys.ts";
import { listExecutions } from "../listing.ts";
import { machineOfRun } from "../map-children.ts";
import { findMapRun, runIdOf } from "../map-runs.ts";
import type { ClosedRecord, ExecutionIdentity, RunningHead } from "../records.ts";
import { isVersion } from "../target.ts";
import { statusOf, summaryOf } from "./execution-wire.ts";
import { arn, page } from "./request.ts";
import { list } from "./verbs.ts";

const statuses = z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);
const redriveFilters = z.enum(["REDRIVEN", "NOT_REDRIVEN"]);
const ListExecutions = z.object({
  stateMachineArn: arn.optional(),
  mapRunArn: arn.optional(),
  statusFilter: statuses.optional(),
  redriveFilter: redriveFilters.optional(),
  ...page,
});

/** The one that lists executions. */
export const executionListOperations = {
  ListExecutions: list(ListExecutions, ({ engine }, view, request, { limit, after, next }) => {
    const { stateMachineArn, mapRunArn, statusFilter, redriveFilter } = request;
    if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
      throw new WorkflowError("ValidationException", "Exactly one of stateMachineArn and mapRunArn must be given");
    }
    const paging = { limit: limit + 1, beforeMs: after(z.number()) };
    const filters = { statusFilter, redriveFilter };
    const found =
      stateMachineArn === undefined
        ? childrenOf(view, mapRunArn ?? "", filters, paging)
        : executionsOf(engine, view, stateMachineArn, filters, paging);
    const run = mapRunArn === undefined ? undefined : findMapRun(view, mapRunArn).record;
    const shown = found.slice(0, limit);
    const executions = shown.map((entry) => ({
      ...summaryOf(engine, entry, run),
      ...(mapRunArn !== undefined && { mapRunArn, itemCount: childOf(entry)?.itemCount ?? 0 }),
    }));
    const last = shown.at(-1);
    const isMore = found.length > limit && last !== undefined;
    return { executions, ...next(isMore ? partsOfId(last.id).startMs : undefined) };
  }),
};

interface Filters {
  readonly statusFilter: z.infer<typeof statuses> | undefined;
  readonly redriveFilter: z.infer<typeof redriveFilters> | undefined;
}
interface Paging {
  readonly limit: number;
  readonly beforeMs: number | undefined;
}

/** @throws {WorkflowError} `StateMachineTypeNotSupported`, `StateMachineDoesNotExist`, `InvalidArn` */
function executionsOf(
  engine: Engine,
  view: ReadView,
  stateMachineArn: string,
  { statusFilter, redriveFilter }: Filters,
  { limit, beforeMs }: Paging,
): Found[] {
  const { machine, qualifier } = engine.arns.machine(stateMachineArn);
  const { type } = engine.machines.expectAny(view, machine);
  if (type === "EXPRESS") throw typeNotSupported();
  return listExecutions(view, machine, {
    limit,
    only: (record) =>
      engine.machines.owns(view, machine, record.revision) &&
      (qualifier === undefined || String(isVersion(qualifier) ? record.version : record.alias) === qualifier) &&
      isRedriven(record, redriveFilter),
    ...(statusFilter && { status: statusFilter }),
    ...(beforeMs && { beforeMs }),
  });
}

/** The children of a Map run, the newest start first. @throws {WorkflowError} `ResourceNotFound`, `InvalidArn` */
function childrenOf(view: ReadView, mapRunArn: string, { statusFilter, redriveFilter }: Filters, { limit, beforeMs }: Paging): Found[] {
  const { executionId, record: run } = findMapRun(view, mapRunArn);
  const runId = runIdOf(mapRunArn);
  const isAsked = (record: RunningHead | ClosedRecord): boolean =>
    statusFilter === undefined || !("status" in record) || statusOf(record, run) === statusFilter;
  return listExecutions(view, machineOfRun(mapRunArn), {
    limit,
    only: (record) =>
      record.child?.of === executionId && record.child.runId === runId && isRedriven(record, redriveFilter) && isAsked(record),
    running: statusFilter === undefined || statusFilter === "RUNNING",
    closed: statusFilter !== "RUNNING",
    ...(beforeMs && { beforeMs }),
  });
}

function isRedriven({ redrives }: ExecutionIdentity, filter: Filters["redriveFilter"]): boolean {
  return filter === undefined || (filter === "REDRIVEN") === (redrives !== undefined);
}
