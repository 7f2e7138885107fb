/** StartExecution and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import type { Engine } from "../engine.ts";
import { typeNotSupported, WorkflowError } from "../errors.ts";
import type { Executions } from "../executions.ts";
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
import { arn, jsonOf, page, pageSize, pageToken, parse, seconds, text } from "./request.ts";

const StartExecution = z.object({ stateMachineArn: arn, name: text.optional(), input: text.optional(), traceHeader: text.optional() });
const reason = { error: text.max(256).optional(), cause: text.max(32_768).optional() };
const StopExecution = z.object({ executionArn: arn, ...reason });
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
const token = text.min(1).max(2_048);
const SendTaskSuccess = z.object({ taskToken: token, output: text });
const SendTaskFailure = z.object({ taskToken: token, ...reason });
const SendTaskHeartbeat = z.object({ taskToken: token });

export function startExecution(engine: Engine, executions: Executions, tx: Transaction, request: JsonObject): JsonObject {
  const { stateMachineArn, name, input = "{}" } = parse(StartExecution, request);
  const { executionArn, startMs } = executions.start(tx, {
    target: targetOf(engine, tx, stateMachineArn),
    ...(name !== undefined && { name }),
    input: jsonOf(input, "InvalidExecutionInput"),
  });
  return { executionArn, startDate: seconds(startMs) };
}

export function redriveExecution(executions: Executions, tx: Transaction, request: JsonObject): JsonObject {
  const { executionArn, clientToken } = parse(RedriveExecution, request);
  return { redriveDate: seconds(executions.redrive(tx, executionArn, clientToken)) };
}

export function stopExecution(executions: Executions, tx: Transaction, request: JsonObject): JsonObject {
  const { executionArn, error, cause } = parse(StopExecution, request);
  const stopMs = executions.stop(tx, executionArn, { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
  return { stopDate: seconds(stopMs) };
}

export function describeExecution(engine: Engine, executions: Executions, view: ReadView, request: JsonObject): JsonObject {
  const { executionArn, includedData } = parse(DescribeExecution, request);
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

export function list(engine: Engine, view: ReadView, request: JsonObject): JsonObject {
  const { stateMachineArn, mapRunArn, statusFilter, redriveFilter, maxResults, nextToken } = parse(ListExecutions, request);
  if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
    throw new WorkflowError("ValidationException", "Exactly one of stateMachineArn and mapRunArn must be given");
  }
  const limit = pageSize(maxResults);
  const paging = { limit: limit + 1, beforeMs: pageToken.read(z.number(), nextToken) };
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
  return { executions, ...(isMore && { nextToken: pageToken.write(partsOfId(last.id).startMs) }) };
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

export function getExecutionHistory(executions: Executions, view: ReadView, request: JsonObject): JsonObject {
  const { executionArn, includeExecutionData = true, reverseOrder = false, maxResults, nextToken } = parse(GetExecutionHistory, request);
  const found = executions.find(view, executionArn);
  if (childOf(found)?.express) throw typeNotSupported();
  const limit = pageSize(maxResults);
  const after = pageToken.read(z.number(), nextToken);
  const events = readHistory(view, found.id, { limit: limit + 1, reverse: reverseOrder, ...(after !== undefined && { after }) });
  const shown = events.slice(0, limit);
  const last = shown.at(-1);
  return {
    events: shown.map((event) => historyEventOf(event, includeExecutionData)),
    ...(events.length > limit && last !== undefined && { nextToken: pageToken.write(last.id) }),
  };
}

export function sendTaskSuccess(executions: Executions, tx: Transaction, request: JsonObject): JsonObject {
  const { taskToken, output } = parse(SendTaskSuccess, request);
  const value = jsonOf(output, "InvalidOutput");
  executions.answer(tx, taskToken, (wait) => ({ kind: "taskSucceeded", wait, output: value }));
  return {};
}

export function sendTaskFailure(executions: Executions, tx: Transaction, request: JsonObject): JsonObject {
  const { taskToken, error = "", cause = "" } = parse(SendTaskFailure, request);
  executions.answer(tx, taskToken, (wait) => ({ kind: "taskFailed", wait, error, cause }));
  return {};
}

export function sendTaskHeartbeat(executions: Executions, tx: Transaction, request: JsonObject): JsonObject {
  executions.heartbeat(tx, parse(SendTaskHeartbeat, request).taskToken);
  return {};
}
