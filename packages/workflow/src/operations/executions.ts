/** StartExecution and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import { type Executions, type Found, inputOf } from "../executions.ts";
import { lastEvent, readHistory } from "../history.ts";
import { listExecutions } from "../listing.ts";
import { historyEventOf } from "./history-wire.ts";
import { arn, jsonOf, page, pageSize, pageToken, parse, seconds, text } from "./request.ts";

const StartExecution = z.object({ stateMachineArn: arn, name: text.optional(), input: text.optional(), traceHeader: text.optional() });
const reason = { error: text.max(256).optional(), cause: text.max(32_768).optional() };
const StopExecution = z.object({ executionArn: arn, ...reason });
const DescribeExecution = z.object({ executionArn: arn, includedData: z.enum(["ALL_DATA", "METADATA_ONLY"]).optional() });
const statuses = z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);
const ListExecutions = z.object({ stateMachineArn: arn, statusFilter: statuses.optional(), ...page });
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
    machine: engine.arns.machineName(stateMachineArn),
    ...(name !== undefined && { name }),
    input: jsonOf(input, "InvalidExecutionInput"),
  });
  return { executionArn, startDate: seconds(startMs) };
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

function summaryOf<M>(engine: Engine<M>, found: Found): JsonObject {
  const { name } = "running" in found ? found.running : found.closed;
  return {
    executionArn: engine.arns.execution(found.machine, name),
    stateMachineArn: engine.arns.stateMachine(found.machine),
    name,
    startDate: seconds(Number(found.id.slice(found.machine.length + 1))),
    ...("running" in found ? { status: "RUNNING" } : { status: found.closed.status, stopDate: seconds(found.closed.stopMs) }),
    redriveCount: 0,
    redriveStatus: "NOT_REDRIVABLE",
  };
}

export function list<M>(engine: Engine<M>, view: ReadView, request: JsonObject): JsonObject {
  const { stateMachineArn, statusFilter, maxResults, nextToken } = parse(ListExecutions, request);
  const machine = engine.arns.machineName(stateMachineArn);
  const { type } = engine.machines.expect(view, machine);
  if (type === "EXPRESS")
    throw new WorkflowError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
  const limit = pageSize(maxResults);
  const beforeMs = pageToken.read(z.number(), nextToken);
  const found = listExecutions(view, machine, {
    limit: limit + 1,
    ...(statusFilter && { status: statusFilter }),
    ...(beforeMs && { beforeMs }),
  });
  const shown = found.slice(0, limit);
  const executions = shown.map((entry) => {
    const { redriveStatus: _, ...summary } = summaryOf(engine, entry);
    return summary;
  });
  const last = shown.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return { executions, ...(isMore && { nextToken: pageToken.write(Number(last.id.slice(machine.length + 1))) }) };
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
