/** StartExecution and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import type { Engine } from "../engine.ts";
import { typeNotSupported, WorkflowError } from "../errors.ts";
import { startSyncExecution } from "../express.ts";
import { childOf, type Found, startOf } from "../found.ts";
import { inputOf, lastEvent, readHistory } from "../history.ts";
import { partsOfId } from "../keys.ts";
import { listExecutions } from "../listing.ts";
import { expressEnding, machineOfRun, mapRunOf } from "../map-children.ts";
import { findMapRun, type MapRunRecord, runIdOf } from "../map-runs.ts";
import { qualifiersOf } from "../names.ts";
import type { ClosedRecord, ExecutionIdentity, RunningHead } from "../records.ts";
import { redrivabilityOf } from "../redrive.ts";
import { isVersion, targetOf } from "../target.ts";
import { historyEventOf } from "./history-wire.ts";
import { arn, jsonOf, page, reason, seconds, text } from "./request.ts";
import { list, read, wait, write } from "./verbs.ts";

const StartExecution = z.object({ stateMachineArn: arn, name: text.optional(), input: text.optional(), traceHeader: text.optional() });
const StopExecution = z.object({ executionArn: arn, ...reason });
const jsonTexts = ["input"];
const clientToken = text
  .min(1)
  .max(64)
  .regex(/^[!-~]+$/);
const RedriveExecution = z.object({ executionArn: arn, clientToken: clientToken.optional() });
const DescribeExecution = z.object({ executionArn: arn, includedData: z.enum(["ALL_DATA", "METADATA_ONLY"]).optional() });
const statuses = z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);
const redriveFilters = z.enum(["REDRIVEN", "NOT_REDRIVEN"]);
const ListExecutions = z.object({
  stateMachineArn: arn.optional(),
  mapRunArn: arn.optional(),
  statusFilter: statuses.optional(),
  redriveFilter: redriveFilters.optional(),
  ...page,
});
const GetExecutionHistory = z.object({
  executionArn: arn,
  includeExecutionData: z.boolean().optional(),
  reverseOrder: z.boolean().optional(),
  ...page,
});

/** Those that start, stop, redrive, describe and list executions. */
export const executionOperations = {
  StartExecution: write(
    StartExecution,
    ({ engine, executions }, tx, { stateMachineArn, name, input = "{}" }) => {
      const { executionArn, startMs } = executions.start(tx, {
        target: targetOf(engine, tx, stateMachineArn),
        ...(name !== undefined && { name }),
        input: jsonOf(input, "InvalidExecutionInput"),
      });
      return { executionArn, startDate: seconds(startMs) };
    },
    { jsonTexts, optimized: { request: nestedStart } },
  ),
  StartSyncExecution: wait(StartExecution, ({ engine, executions }, request) => startSyncExecution(engine, executions, request), {
    jsonTexts,
  }),
  RedriveExecution: write(RedriveExecution, ({ executions }, tx, { executionArn, clientToken }) => ({
    redriveDate: seconds(executions.redrive(tx, executionArn, clientToken)),
  })),
  StopExecution: write(StopExecution, ({ executions }, tx, { executionArn, error, cause }) => {
    const stopMs = executions.stop(tx, executionArn, { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
    return { stopDate: seconds(stopMs) };
  }),
  DescribeExecution: read(DescribeExecution, ({ engine, executions }, view, { executionArn, includedData }) => {
    const found = executions.find(view, executionArn);
    const withData = includedData !== "METADATA_ONLY";
    const running = "running" in found ? found.running : undefined;
    const child = childOf(found);
    const input = child?.express ? child.express.input : inputOf(view, found.id, running);
    const run = child && mapRunOf(view, child);
    return {
      ...summaryOf(engine, found, run),
      ...(run && { mapRunArn: run.report.mapRunArn }),
      ...redrivabilityOf(engine, view, found),
      ...(withData && { input: JSON.stringify(input), inputDetails: { included: true } }),
      ...(running === undefined && endingOf(child?.express ? expressEnding(child) : (lastEvent(view, found.id)?.details ?? {}), withData)),
    };
  }),
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
  GetExecutionHistory: list(GetExecutionHistory, ({ executions }, view, request, { limit, after, next }) => {
    const { executionArn, includeExecutionData = true, reverseOrder = false } = request;
    const found = executions.find(view, executionArn);
    if (childOf(found)?.express) throw typeNotSupported();
    const lastId = after(z.number());
    const events = readHistory(view, found.id, {
      limit: limit + 1,
      reverse: reverseOrder,
      ...(lastId !== undefined && { after: lastId }),
    });
    const shown = events.slice(0, limit);
    return {
      events: shown.map((event) => historyEventOf(event, includeExecutionData)),
      ...next(events.length > limit ? shown.at(-1)?.id : undefined),
    };
  }),
};

/** Returns the request of a state that starts an execution: its input is a value or its text, and a state may leave it out. */
export function nestedStart({ StateMachineArn, Name, Input }: JsonObject): JsonObject {
  return { StateMachineArn: StateMachineArn ?? "", ...(Name !== undefined && { Name }), Input: Input ?? {} };
}

function endingOf({ output, error, cause }: JsonObject, withData: boolean): JsonObject {
  return {
    ...(output !== undefined && withData && { output: JSON.stringify(output), outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

/** `run`: of a child, its Map run. */
function summaryOf({ arns }: Engine, found: Found, run?: MapRunRecord): JsonObject {
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

/** A child that is to be redriven waits for it as long as its run goes on. */
function statusOf({ status, pending }: ClosedRecord, run: MapRunRecord | undefined): string {
  return pending && run?.report.status === "RUNNING" ? "PENDING_REDRIVE" : status;
}

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
