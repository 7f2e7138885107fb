/** StartExecution and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import { type Executions, type Found, inputOf } from "../executions.ts";
import { lastEvent, readHistory } from "../history.ts";
import { partsOfId } from "../keys.ts";
import { listExecutions } from "../listing.ts";
import { qualifiersOf } from "../names.ts";
import { reasonAgainst } from "../redrive.ts";
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
/** `PENDING_REDRIVE` is a status of a map run's children alone. */
const statuses = z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]);
const redriveFilters = z.enum(["REDRIVEN", "NOT_REDRIVEN"]);
const ListExecutions = z.object({
  stateMachineArn: arn,
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

export function startExecution<M>(engine: Engine<M>, executions: Executions, tx: Transaction, request: JsonObject): JsonObject {
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

export function describeExecution<M>(engine: Engine<M>, executions: Executions, view: ReadView, request: JsonObject): JsonObject {
  const { executionArn, includedData } = parse(DescribeExecution, request);
  const found = executions.find(view, executionArn);
  const withData = includedData !== "METADATA_ONLY";
  const running = "running" in found ? found.running : undefined;
  return {
    ...summaryOf(engine, found),
    ...redrivabilityOf(engine, view, found),
    ...(withData && { input: JSON.stringify(inputOf(view, found.id, running)), inputDetails: { included: true } }),
    ...(running === undefined && endingOf(view, found.id, withData)),
  };
}

function endingOf(view: ReadView, id: string, withData: boolean): JsonObject {
  const { output, error, cause } = lastEvent(view, id)?.details ?? {};
  return {
    ...(output !== undefined && withData && { output: JSON.stringify(output), outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

function redrivabilityOf<M>(engine: Engine<M>, view: ReadView, found: Found): JsonObject {
  const redriveStatusReason = reasonAgainst(engine, view, found);
  return redriveStatusReason === undefined ? { redriveStatus: "REDRIVABLE" } : { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason };
}

function summaryOf<M>({ arns }: Engine<M>, found: Found): JsonObject {
  const identity = "running" in found ? found.running : found.closed;
  const { name, redrives } = identity;
  return {
    executionArn: arns.execution(found.machine, name),
    stateMachineArn: arns.stateMachine(found.machine),
    ...qualifiersOf(arns, found.machine, identity),
    name,
    startDate: seconds(partsOfId(found.id).startMs),
    ...("running" in found ? { status: "RUNNING" } : { status: found.closed.status, stopDate: seconds(found.closed.stopMs) }),
    redriveCount: redrives?.count ?? 0,
    ...(redrives && { redriveDate: seconds(redrives.redriveMs) }),
  };
}

export function list<M>(engine: Engine<M>, view: ReadView, request: JsonObject): JsonObject {
  const { stateMachineArn, statusFilter, redriveFilter, maxResults, nextToken } = parse(ListExecutions, request);
  const { machine, qualifier } = engine.arns.machine(stateMachineArn);
  const { type } = engine.machines.expectAny(view, machine);
  if (type === "EXPRESS")
    throw new WorkflowError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
  const limit = pageSize(maxResults);
  const beforeMs = pageToken.read(z.number(), nextToken);
  const found = listExecutions(view, machine, {
    limit: limit + 1,
    only: ({ revision, version, alias, redrives }) =>
      engine.machines.owns(view, machine, revision) &&
      (qualifier === undefined || String(isVersion(qualifier) ? version : alias) === qualifier) &&
      (redriveFilter === undefined || (redriveFilter === "REDRIVEN") === (redrives !== undefined)),
    ...(statusFilter && { status: statusFilter }),
    ...(beforeMs && { beforeMs }),
  });
  const shown = found.slice(0, limit);
  const executions = shown.map((entry) => summaryOf(engine, entry));
  const last = shown.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return { executions, ...(isMore && { nextToken: pageToken.write(partsOfId(last.id).startMs) }) };
}

export function getExecutionHistory(executions: Executions, view: ReadView, request: JsonObject): JsonObject {
  const { executionArn, includeExecutionData = true, reverseOrder = false, maxResults, nextToken } = parse(GetExecutionHistory, request);
  const found = executions.find(view, executionArn);
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
