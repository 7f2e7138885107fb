/** CreateStateMachine and its kin, as on Step Functions' wire. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { validateDefinitionText } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import type { Engine } from "../engine.ts";
import { typeNotSupported, WorkflowError } from "../errors.ts";
import { childOf } from "../found.ts";
import { keys, machineOf } from "../keys.ts";
import { mapRunOf } from "../map-children.ts";
import type { ChildPlace, MachineRecord, MachineType, RevisionRecord, VersionRecord } from "../records.ts";
import type { Findings } from "../revisions.ts";
import { stateMachineDeleting } from "../state-machines.ts";
import { putTags, tagList } from "../tag-store.ts";
import { doesNotExist, isVersion } from "../target.ts";
import { type Published, publish, versionsOf } from "../versions.ts";
import { arn, page, parse, seconds, text } from "./request.ts";
import { list, read, wait, write } from "./verbs.ts";

const publication = { publish: z.boolean().default(false), versionDescription: text.max(256).optional() };
const CreateStateMachine = z.object({
  name: text.min(1).max(80),
  definition: text.min(1).max(1_048_576),
  roleArn: arn.optional(),
  type: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
  tags: tagList.default([]),
  ...publication,
});
const UpdateStateMachine = z.object({
  stateMachineArn: arn,
  definition: text.min(1).max(1_048_576).optional(),
  roleArn: arn.optional(),
  ...publication,
});
const ByStateMachine = z.object({ stateMachineArn: arn });
const ByExecution = z.object({ executionArn: arn });
const ValidateStateMachineDefinition = z.object({
  definition: text.max(1_048_576),
  type: z.enum(["STANDARD", "EXPRESS"]).optional(),
  severity: z.enum(["ERROR", "WARNING"]).default("ERROR"),
  maxResults: z.number().int().min(0).max(100).optional(),
});
const ListStateMachines = z.object(page);
/** Checking a definition may take seconds: a call over the wire has it done outside of its transaction. A second time the same changes nothing. */
const definitionOptions = { jsonTexts: ["definition"], fromWorkflows: "external" } as const;

/** Those that make, change, check, describe, list and delete state machines. */
export const stateMachineOperations = {
  CreateStateMachine: write(CreateStateMachine, ({ engine }, tx, request) => createStateMachine(engine, tx, request), {
    ...definitionOptions,
    async wait({ engine }, given) {
      const request = parse(CreateStateMachine, given);
      const found = await engine.diagnose?.(request.definition);
      return engine.store.transact((tx) => createStateMachine(engine, tx, request, found));
    },
  }),
  UpdateStateMachine: write(UpdateStateMachine, ({ engine }, tx, request) => updateStateMachine(engine, tx, request), {
    ...definitionOptions,
    async wait({ engine }, given) {
      const request = parse(UpdateStateMachine, given);
      const found = request.definition === undefined ? undefined : await engine.diagnose?.(request.definition);
      return engine.store.transact((tx) => updateStateMachine(engine, tx, request, found));
    },
  }),
  // Passing does not mean that CreateStateMachine takes it for its type.
  ValidateStateMachineDefinition: wait(
    ValidateStateMachineDefinition,
    async ({ engine }, { definition, severity, maxResults }) => {
      const all = (await engine.diagnose?.(definition)) ?? validateDefinitionText(definition);
      const found = all.filter((diagnostic) => diagnostic.severity === "ERROR" || severity === "WARNING");
      const shown = found.slice(0, maxResults || 100);
      return {
        result: all.some((diagnostic) => diagnostic.severity === "ERROR") ? "FAIL" : "OK",
        diagnostics: shown.map((diagnostic) => ({ ...diagnostic })),
        truncated: found.length > shown.length,
      };
    },
    { isReading: true, fromWorkflows: "none" },
  ),
  DeleteStateMachine: write(ByStateMachine, ({ engine }, tx, { stateMachineArn }) => {
    engine.machines.delete(tx, engine.arns.machineName(stateMachineArn));
    return {};
  }),
  DescribeStateMachine: read(ByStateMachine, ({ engine }, view, { stateMachineArn }) => describe(engine, view, stateMachineArn)),
  DescribeStateMachineForExecution: read(ByExecution, ({ engine, executions }, view, { executionArn }) => {
    const found = executions.find(view, executionArn);
    const { revision } = "running" in found ? found.running : found.closed;
    const machine = machineOf(found.machine);
    const record = engine.machines.revision(view, machine, revision);
    const child = childOf(found);
    if (child?.express) throw typeNotSupported();
    return {
      ...definitionOf(engine, view, machine, record),
      updateDate: seconds(record.updatedMs),
      ...(child && childMachineOf(engine, view, found.machine, child, record)),
    };
  }),
  ListStateMachines: list(ListStateMachines, ({ engine }, view, _request, page) => {
    const after = page.after(z.string());
    const all = view
      .scan<MachineRecord>(keys.machines())
      .map(([key, record]) => ({ name: keys.nameOf(key), record }))
      .filter(({ name, record }) => !record.deleted || engine.machines.deleting(view, name) !== undefined)
      .filter(({ name }) => after === undefined || name > after);
    const shown = all.slice(0, page.limit);
    return {
      stateMachines: shown.map(({ name, record }) => ({
        stateMachineArn: engine.arns.stateMachine(name),
        name,
        type: record.type,
        creationDate: seconds(record.createdMs),
      })),
      ...page.next(all.length > shown.length ? shown.at(-1)?.name : undefined),
    };
  }),
};

/** The same again answers the same machine; another role or other tags make no difference then. @throws {WorkflowError} `StateMachineAlreadyExists` */
function createStateMachine(engine: Engine, tx: Transaction, request: z.output<typeof CreateStateMachine>, found?: Findings): JsonObject {
  const { name, definition, roleArn, type, tags, publish: isPublished, versionDescription } = request;
  checkDescription(isPublished, versionDescription);
  const stateMachineArn = engine.arns.stateMachine(name);
  const existing = engine.machines.get(tx, name);
  if (existing === undefined && engine.machines.deleting(tx, name)) throw stateMachineDeleting(stateMachineArn);
  if (existing && !isSame(engine, tx, name, existing, { type, definition, isPublished, versionDescription })) {
    throw new WorkflowError("StateMachineAlreadyExists", `State Machine Already Exists: '${stateMachineArn}'`);
  }
  if (!existing) {
    engine.machines.put(tx, { name, type, definition, ...(roleArn !== undefined && { roleArn }), ...(found && { found }) });
    putTags(tx, keys.tags("stateMachine", name), tags, stateMachineArn);
  }
  const { createdMs } = engine.machines.expect(tx, name);
  const version = isPublished ? publish(engine, tx, name, { description: versionDescription }) : undefined;
  return { stateMachineArn, creationDate: seconds(createdMs), ...versionArn(engine, name, version) };
}

interface Asked {
  readonly type: MachineType;
  readonly definition: string;
  readonly isPublished: boolean;
  readonly versionDescription: string | undefined;
}

/** Returns whether a machine is what it is asked to be, its version too. */
function isSame(engine: Engine, view: ReadView, name: string, { type, revision }: MachineRecord, asked: Asked): boolean {
  const current = engine.machines.revision(view, name, revision);
  if (type !== asked.type || engine.machines.definitionText(view, current) !== asked.definition) return false;
  if (!asked.isPublished) return true;
  const [newest] = versionsOf(view, name, 1);
  return newest?.revision === revision && newest.description === asked.versionDescription;
}

function updateStateMachine(engine: Engine, tx: Transaction, request: z.output<typeof UpdateStateMachine>, found?: Findings): JsonObject {
  const { stateMachineArn, definition, roleArn, publish: isPublished, versionDescription } = request;
  if (definition === undefined && roleArn === undefined && !isPublished) {
    throw new WorkflowError(
      "MissingRequiredParameter",
      "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
    );
  }
  checkDescription(isPublished, versionDescription);
  const name = unqualified(engine, stateMachineArn);
  const { type, revision } = engine.machines.expect(tx, name);
  const current = engine.machines.revision(tx, name, revision);
  const updated = engine.machines.put(tx, {
    name,
    type,
    definition: definition ?? engine.machines.definitionText(tx, current),
    ...(roleArn !== undefined && { roleArn }),
    ...(found && { found }),
  });
  const version = isPublished ? publish(engine, tx, name, { description: versionDescription }) : undefined;
  return { updateDate: seconds(updated.updatedMs), ...revisionIdOf(updated), ...versionArn(engine, name, version) };
}

function checkDescription(isPublished: boolean, versionDescription: string | undefined): void {
  if (versionDescription !== undefined && !isPublished) {
    throw new WorkflowError("ValidationException", "Version description can only be set when publish is true");
  }
}

function versionArn({ arns }: Engine, name: string, version: Published | undefined): JsonObject {
  return version === undefined ? {} : { stateMachineVersionArn: arns.qualified(name, version.number) };
}

/** AWS gives the revision a machine was created with no id. */
function revisionIdOf({ revisionId, initial }: RevisionRecord): JsonObject {
  return initial ? {} : { revisionId };
}

/** The machine's name. @throws {WorkflowError} `InvalidArn`, `StateMachineDoesNotExist` for a version or alias */
export function unqualified(engine: Engine, stateMachineArn: string): string {
  const { machine, qualifier } = engine.arns.machine(stateMachineArn);
  if (qualifier !== undefined) throw doesNotExist(stateMachineArn);
  return machine;
}

/** Of a machine as it is now, or of a version. */
function describe(engine: Engine, view: ReadView, stateMachineArn: string): JsonObject {
  const { machine, qualifier } = engine.arns.machine(stateMachineArn);
  const { type, revision, createdMs, deleted } = engine.machines.expectAny(view, machine);
  if (qualifier !== undefined && !isVersion(qualifier)) throw doesNotExist(stateMachineArn);
  const version = qualifier === undefined ? undefined : view.get<VersionRecord>(keys.version(machine, Number(qualifier)));
  if (qualifier !== undefined && version === undefined) throw doesNotExist(stateMachineArn);
  return {
    ...definitionOf(engine, view, machine, engine.machines.revision(view, machine, version?.revision ?? revision)),
    stateMachineArn,
    status: deleted ? "DELETING" : "ACTIVE",
    type,
    creationDate: seconds(version?.createdMs ?? createdMs),
    ...(version?.description !== undefined && { description: version.description }),
  };
}

/** What is different for the machine that a distributed Map's children run: what its ItemProcessor says. */
function childMachineOf(engine: Engine, view: ReadView, name: string, child: ChildPlace, record: RevisionRecord): JsonObject {
  const run = mapRunOf(view, child);
  const processor = processorIn(JSON.parse(engine.machines.definitionText(view, record)) as JsonValue, child.stateName);
  return {
    stateMachineArn: engine.arns.stateMachine(name),
    name,
    definition: JSON.stringify(processor ?? {}),
    label: name.slice(name.indexOf("/") + 1),
    ...(run && { mapRunArn: run.report.mapRunArn }),
  };
}

/** The ItemProcessor of the state of this name, which is one of its kind in a definition. */
function processorIn(value: JsonValue | undefined, stateName: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  for (const [name, state] of Object.entries((value as JsonObject).States ?? {})) {
    const { ItemProcessor, Iterator: iterator, Branches } = state as JsonObject;
    if (name === stateName) return ItemProcessor ?? iterator;
    for (const inner of [ItemProcessor, iterator, ...(Array.isArray(Branches) ? Branches : [])]) {
      const found = processorIn(inner, stateName);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function definitionOf(engine: Engine, view: ReadView, name: string, revision: RevisionRecord): JsonObject {
  return {
    stateMachineArn: engine.arns.stateMachine(name),
    name,
    definition: engine.machines.definitionText(view, revision),
    roleArn: revision.roleArn,
    loggingConfiguration: { level: "OFF", includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    ...revisionIdOf(revision),
  };
}
