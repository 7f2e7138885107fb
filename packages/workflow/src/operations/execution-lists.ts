/** ListExecutions, as on Step Functions' wire. */
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import { type ClosedStatus, closedStatuses, type Scope } from "../closed-marks.ts";
import type { Engine } from "../engine.ts";
import { typeNotSupported, WorkflowError } from "../errors.ts";
import { partsOfId } from "../keys.ts";
import { type ListOptions, listExecutions } from "../listing.ts";
import { machineOfRun } from "../map-children.ts";
import { findMapRun, type MapRunRecord, runIdOf } from "../map-runs.ts";
import type { ClosedRecord, ExecutionIdentity } from "../records.ts";
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
    const { stateMachineArn, mapRunArn } = request;
    if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
      throw new WorkflowError("ValidationException", "Exactly one of stateMachineArn and mapRunArn must be given");
    }
    const paging = { limit: limit + 1, beforeMs: after(z.number()) };
    const { machine, run, ...asked } =
      stateMachineArn === undefined ? childrenOf(view, mapRunArn ?? "", request) : executionsOf(engine, view, stateMachineArn, request);
    const found = listExecutions(view, engine.identities, machine, { ...asked, ...paging });
    const shown = found.slice(0, limit);
    const executions = shown.map((entry) => {
      const summary = "running" in entry ? entry.running.summary : summaryOf(engine, entry, run);
      if (mapRunArn === undefined) return summary;
      const { child } = "running" in entry ? entry.running.identity : entry.closed;
      return { ...summary, mapRunArn, itemCount: child?.itemCount ?? 0 };
    });
    const last = shown.at(-1);
    const isMore = found.length > limit && last !== undefined;
    return { executions, ...next(isMore ? partsOfId(last.id).startMs : undefined) };
  }),
};

type Filters = Pick<z.output<typeof ListExecutions>, "statusFilter" | "redriveFilter">;

/** What is listed, and where it is found. */
interface Asked extends Omit<ListOptions, "limit" | "beforeMs"> {
  readonly machine: string;
  /** Of children, their Map run. */
  readonly run?: MapRunRecord;
}

/** @throws {WorkflowError} `StateMachineTypeNotSupported`, `StateMachineDoesNotExist`, `InvalidArn` */
function executionsOf(engine: Engine, view: ReadView, stateMachineArn: string, filters: Filters): Asked {
  const { machine, qualifier } = engine.arns.machine(stateMachineArn);
  const { type, firstRevision = 0 } = engine.machines.expectAny(view, machine);
  if (type === "EXPRESS") throw typeNotSupported();
  const scope = qualifier === undefined ? "" : (`q:${qualifier}` as const);
  return {
    machine,
    ...among(filters, scope),
    only: (record) =>
      record.revision >= firstRevision &&
      (qualifier === undefined || String(isVersion(qualifier) ? record.version : record.alias) === qualifier) &&
      isRedriven(record, filters),
  };
}

/** The children of a Map run. @throws {WorkflowError} `ResourceNotFound`, `InvalidArn` */
function childrenOf(view: ReadView, mapRunArn: string, filters: Filters): Asked {
  const { executionId, record: run } = findMapRun(view, mapRunArn);
  const runId = runIdOf(mapRunArn);
  const { statusFilter } = filters;
  const isAsked = (record: ExecutionIdentity | ClosedRecord): boolean =>
    statusFilter === undefined || !("status" in record) || statusOf(record, run) === statusFilter;
  return {
    machine: machineOfRun(mapRunArn),
    run,
    ...among(filters, `m:${runId}`),
    only: (record) => record.child?.of === executionId && record.child.runId === runId && isRedriven(record, filters) && isAsked(record),
  };
}

/** The narrowest marks that lead to all that is asked for, and the ends it may have had. @param scope that of the machine or Map run */
function among({ statusFilter, redriveFilter }: Filters, scope: Scope): Pick<Asked, "isRunning" | "ends" | "scope"> {
  return {
    isRunning: statusFilter === undefined || statusFilter === "RUNNING",
    ends: closedStatuses.filter((status) => statusFilter === undefined || status === statusFilter || canWait(status, statusFilter)),
    scope: scope === "" && redriveFilter === "REDRIVEN" ? "r" : scope,
  };
}

/** What is to be redriven has ended before, in any way but one. */
function canWait(status: ClosedStatus, statusFilter: Filters["statusFilter"]): boolean {
  return statusFilter === "PENDING_REDRIVE" && status !== "SUCCEEDED";
}

function isRedriven({ redrives }: ExecutionIdentity, { redriveFilter }: Filters): boolean {
  return redriveFilter === undefined || (redriveFilter === "REDRIVEN") === (redrives !== undefined);
}
