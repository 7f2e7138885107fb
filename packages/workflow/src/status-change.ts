/**
 * Standard executions tell of themselves when they begin, end or are redriven.
 *
 * S1. The event is sent within the transaction that changes the status: neither commits without the other.
 * S2. An event has room for so much: an input goes first, then an output.
 * S3. The input of an execution that ran lately is at hand: its end reads no history.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Outcome } from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import type { Engine } from "./engine.ts";
import type { Found } from "./found.ts";
import { inputOf } from "./history.ts";
import { type ExecutionId, keys, partsOfId } from "./keys.ts";
import type { Live } from "./live.ts";
import { arnOf, qualifiersOf } from "./names.ts";
import type { ClosedRecord, RunningHead } from "./records.ts";
import { redrivabilityOf } from "./redrive.ts";

const mostBytes = 248 * 1024;

/** Call it once all else is written. */
export function tellStatus(engine: Engine, tx: Transaction, live: Live): void {
  const { onStatusChange } = engine;
  if (onStatusChange === undefined || live.express !== undefined) return;
  const [first] = live.events;
  const begins = first?.type === "ExecutionStarted" || first?.type === "ExecutionRedriven";
  if (!begins && live.outcome === undefined) return;
  const executionArn = arnOf(engine, live);
  // S3.
  const input = live.input ?? inputOf(tx, live.id);
  const tell = (more: JsonObject): void => onStatusChange(tx, { executionArn, detail: { ...about(engine, live, executionArn), ...more } });
  if (begins) tell(begun(input));
  if (live.outcome !== undefined) tell(endingOf(engine, tx, live, live.outcome, input));
}

/** The same of a child of a distributed Map. `input`: where it has just begun. */
export function tellChild(
  engine: Engine,
  tx: Transaction,
  id: ExecutionId,
  { begins, outcome, ...just }: { readonly begins: boolean; readonly outcome: Outcome | undefined; readonly input?: JsonValue | undefined },
): void {
  const { machine, startMs: place } = partsOfId(id);
  const record = tx.get<RunningHead>(keys.running(id)) ?? tx.get<ClosedRecord>(keys.closed(id));
  if (record === undefined) return;
  const { onStatusChange } = engine;
  if (onStatusChange === undefined) return;
  const executionArn = engine.arns.execution(machine, record.name);
  const known = { id, machine, name: record.name, startMs: record.child?.startMs ?? place, identity: record };
  const input = just.input ?? inputOf(tx, id);
  const tell = (more: JsonObject): void => onStatusChange(tx, { executionArn, detail: { ...about(engine, known, executionArn), ...more } });
  if (begins) tell(begun(input));
  if (outcome !== undefined) tell(endingOf(engine, tx, known, outcome, input));
}

function begun(input: JsonValue): JsonObject {
  return { status: "RUNNING", stopDate: null, ...running, ...payloads(input, undefined), ...noFailure };
}

type Known = Pick<Live, "id" | "machine" | "name" | "startMs" | "identity">;

const noFailure = { error: null, cause: null };
const running = { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: "Execution is RUNNING and cannot be redriven" };

function about({ arns }: Engine, live: Known, executionArn: string): JsonObject {
  const { redrives } = live.identity;
  return {
    executionArn,
    stateMachineArn: arns.stateMachine(live.machine),
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    ...qualifiersOf(arns, live.machine, live.identity),
    name: live.name,
    startDate: live.startMs,
    redriveCount: redrives?.count ?? 0,
    redriveDate: redrives?.redriveMs ?? null,
  };
}

function endingOf(engine: Engine, tx: Transaction, live: Known, outcome: Outcome, input: JsonValue): JsonObject {
  const closed = tx.get<ClosedRecord>(keys.closed(live.id)) as ClosedRecord;
  const found: Found = { id: live.id, machine: live.machine, closed };
  const { error = null, cause = null } = outcome.status === "SUCCEEDED" ? {} : outcome;
  return {
    status: outcome.status,
    stopDate: closed.stopMs,
    redriveStatusReason: null,
    ...redrivabilityOf(engine, tx, found),
    ...payloads(input, outputOf(outcome)),
    error,
    cause,
  };
}

function outputOf(outcome: Outcome): JsonValue | undefined {
  return outcome.status === "SUCCEEDED" ? outcome.output : undefined;
}

/** S2. */
function payloads(input: JsonValue, output: JsonValue | undefined): JsonObject {
  const [inputText, outputText] = [JSON.stringify(input), output === undefined ? undefined : JSON.stringify(output)];
  const outputBytes = outputText === undefined ? 0 : escapedBytes(outputText);
  const hasOutput = outputBytes <= mostBytes;
  const hasInput = escapedBytes(inputText) + (hasOutput ? outputBytes : 0) <= mostBytes;
  return {
    input: hasInput ? inputText : null,
    inputDetails: { included: hasInput },
    output: hasOutput ? (outputText ?? null) : null,
    outputDetails: outputText === undefined ? null : { included: hasOutput },
  };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
