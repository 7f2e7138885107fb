/** CreateStateMachine and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import { validateDefinitionText } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import type { Executions } from "../executions.ts";
import { keys } from "../keys.ts";
import type { MachineRecord, RevisionRecord } from "../records.ts";
import { arn, page, pageSize, pageToken, parse, seconds, text } from "./request.ts";

const CreateStateMachine = z.object({
  name: text.min(1).max(80),
  definition: text.min(1).max(1_048_576),
  roleArn: arn.optional(),
  type: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
});
const UpdateStateMachine = z.object({ stateMachineArn: arn, definition: text.min(1).max(1_048_576).optional(), roleArn: arn.optional() });
const ByStateMachine = z.object({ stateMachineArn: arn });
const ByExecution = z.object({ executionArn: arn });
const ValidateStateMachineDefinition = z.object({
  definition: text.max(1_048_576),
  type: z.enum(["STANDARD", "EXPRESS"]).optional(),
  severity: z.enum(["ERROR", "WARNING"]).default("ERROR"),
  maxResults: z.number().int().min(0).max(100).optional(),
});
const ListStateMachines = z.object(page);

export function createStateMachine<M>(engine: Engine<M>, tx: Transaction, request: JsonObject): JsonObject {
  const { name, definition, roleArn, type } = parse(CreateStateMachine, request);
  const stateMachineArn = engine.arns.stateMachine(name);
  const existing = engine.machines.get(tx, name);
  const before = existing && engine.machines.revision(tx, name, existing.revision);
  if (existing && before && (existing.type !== type || engine.machines.definitionText(tx, before) !== definition)) {
    throw new WorkflowError("StateMachineAlreadyExists", `State Machine Already Exists: '${stateMachineArn}'`);
  }
  const revision = engine.machines.put(tx, { name, type, definition, ...(roleArn !== undefined && { roleArn }) });
  return { stateMachineArn, creationDate: seconds(existing?.createdMs ?? revision.updatedMs) };
}

export function updateStateMachine<M>(engine: Engine<M>, tx: Transaction, request: JsonObject): JsonObject {
  const { stateMachineArn, definition, roleArn } = parse(UpdateStateMachine, request);
  if (definition === undefined && roleArn === undefined) {
    throw new WorkflowError(
      "MissingRequiredParameter",
      "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
    );
  }
  const name = engine.arns.machineName(stateMachineArn);
  const { type, revision } = engine.machines.expect(tx, name);
  const current = engine.machines.revision(tx, name, revision);
  const { updatedMs, revisionId } = engine.machines.put(tx, {
    name,
    type,
    definition: definition ?? engine.machines.definitionText(tx, current),
    ...(roleArn !== undefined && { roleArn }),
  });
  return { updateDate: seconds(updatedMs), revisionId };
}

export function deleteStateMachine<M>(engine: Engine<M>, tx: Transaction, request: JsonObject): JsonObject {
  engine.machines.delete(tx, engine.arns.machineName(parse(ByStateMachine, request).stateMachineArn));
  return {};
}

export function describeStateMachine<M>(engine: Engine<M>, view: ReadView, request: JsonObject): JsonObject {
  const name = engine.arns.machineName(parse(ByStateMachine, request).stateMachineArn);
  const record = engine.machines.expect(view, name);
  return {
    ...definitionOf(engine, view, name, engine.machines.revision(view, name, record.revision)),
    status: "ACTIVE",
    type: record.type,
    creationDate: seconds(record.createdMs),
  };
}

export function describeStateMachineForExecution<M>(
  engine: Engine<M>,
  executions: Executions,
  view: ReadView,
  request: JsonObject,
): JsonObject {
  const found = executions.find(view, parse(ByExecution, request).executionArn);
  const { revision } = "running" in found ? found.running : found.closed;
  const record = engine.machines.revision(view, found.machine, revision);
  return { ...definitionOf(engine, view, found.machine, record), updateDate: seconds(record.updatedMs) };
}

function definitionOf<M>(engine: Engine<M>, view: ReadView, name: string, revision: RevisionRecord): JsonObject {
  return {
    stateMachineArn: engine.arns.stateMachine(name),
    name,
    definition: engine.machines.definitionText(view, revision),
    roleArn: revision.roleArn,
    loggingConfiguration: { level: "OFF", includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    revisionId: revision.revisionId,
  };
}

export function listStateMachines<M>(engine: Engine<M>, view: ReadView, request: JsonObject): JsonObject {
  const { maxResults, nextToken } = parse(ListStateMachines, request);
  const after = pageToken.read(z.string(), nextToken);
  const all = view
    .scan<MachineRecord>(keys.machines())
    .filter(([, { deleted }]) => !deleted)
    .map(([key, record]) => ({ name: keys.nameOf(key), record }))
    .filter(({ name }) => after === undefined || name > after);
  const shown = all.slice(0, pageSize(maxResults));
  const last = shown.at(-1);
  return {
    stateMachines: shown.map(({ name, record }) => ({
      stateMachineArn: engine.arns.stateMachine(name),
      name,
      type: record.type,
      creationDate: seconds(record.createdMs),
    })),
    ...(all.length > shown.length && last !== undefined && { nextToken: pageToken.write(last.name) }),
  };
}

/** `severity`: the least that is reported. Passing does not mean that CreateStateMachine takes it for its type. */
export function validateStateMachineDefinition(request: JsonObject): JsonObject {
  const { definition, severity, maxResults } = parse(ValidateStateMachineDefinition, request);
  const all = validateDefinitionText(definition);
  const found = all.filter((diagnostic) => diagnostic.severity === "ERROR" || severity === "WARNING");
  const shown = found.slice(0, maxResults || 100);
  return {
    result: all.some((diagnostic) => diagnostic.severity === "ERROR") ? "FAIL" : "OK",
    diagnostics: shown.map((diagnostic) => ({ ...diagnostic })),
    truncated: found.length > shown.length,
  };
}
