/** DescribeStateMachine and its kin, as on Step Functions' wire. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import type { Engine } from "../engine.ts";
import { typeNotSupported } from "../errors.ts";
import { childOf } from "../found.ts";
import { keys, machineOf } from "../keys.ts";
import { mapRunOf } from "../map-children.ts";
import type { ChildPlace, MachineRecord, RevisionRecord, VersionRecord } from "../records.ts";
import { doesNotExist, isVersion } from "../target.ts";
import { arn, page, seconds } from "./request.ts";
import { list, read } from "./verbs.ts";

const DescribeStateMachine = z.object({ stateMachineArn: arn });
const DescribeStateMachineForExecution = z.object({ executionArn: arn });
const ListStateMachines = z.object(page);

/** Those that describe and list state machines. */
export const descriptionOperations = {
  DescribeStateMachine: read(DescribeStateMachine, ({ engine }, view, { stateMachineArn }) => describe(engine, view, stateMachineArn)),
  DescribeStateMachineForExecution: read(DescribeStateMachineForExecution, ({ engine, executions }, view, { executionArn }) => {
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

/** Returns the member with a revision's id; AWS gives none to the revision that a machine was created with. */
export function revisionIdOf({ revisionId, initial }: RevisionRecord): JsonObject {
  return initial ? {} : { revisionId };
}
