/** CreateStateMachine and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import { validateDefinitionText } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import { keys } from "../keys.ts";
import type { MachineRecord, MachineType } from "../records.ts";
import type { Findings } from "../revisions.ts";
import { stateMachineDeleting } from "../state-machines.ts";
import { putTags, tagList } from "../tag-store.ts";
import { doesNotExist } from "../target.ts";
import { type Published, publish, versionsOf } from "../versions.ts";
import { arn, parse, seconds, text } from "./request.ts";
import { revisionIdOf } from "./state-machine-descriptions.ts";
import { wait, write } from "./verbs.ts";

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
const ValidateStateMachineDefinition = z.object({
  definition: text.max(1_048_576),
  type: z.enum(["STANDARD", "EXPRESS"]).optional(),
  severity: z.enum(["ERROR", "WARNING"]).default("ERROR"),
  maxResults: z.number().int().min(0).max(100).optional(),
});
/** Checking a definition may take seconds: a call over the wire has it done outside of its transaction. A second time the same changes nothing. */
const definitionOptions = { jsonTexts: ["definition"], fromWorkflows: "external" } as const;

/** Those that make, change, check and delete state machines. */
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

/** The machine's name. @throws {WorkflowError} `InvalidArn`, `StateMachineDoesNotExist` for a version or alias */
export function unqualified(engine: Engine, stateMachineArn: string): string {
  const { machine, qualifier } = engine.arns.machine(stateMachineArn);
  if (qualifier !== undefined) throw doesNotExist(stateMachineArn);
  return machine;
}
