/** Workflows: the blueprint's own files, with every name filled in. */
import type { Blueprint, Reference } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { readDefinition } from "../constructs/workflows.ts";
import { canonical, compare, compareSets, type Deployment, type Finding, objectAt } from "./deployment.ts";
import { plainArns } from "./plain-arns.ts";

/** Definitions, types, logs and traces. */
export function checkWorkflows(deployment: Deployment, { workflows }: Blueprint): Finding[] {
  const machines = deployment.all("AWS::StepFunctions::StateMachine");
  const names = machines.map(({ properties }) => String(properties.StateMachineName));
  return [
    ...compareSets(
      "workflows",
      "workflow",
      workflows.map(({ name }) => name),
      names,
    ),
    ...workflows.flatMap((workflow) => {
      const properties = machines.find(({ properties }) => properties.StateMachineName === workflow.name)?.properties;
      if (properties === undefined) return [];
      const where = `workflow ${workflow.name}`;
      const level = objectAt(properties.LoggingConfiguration).Level;
      return [
        ...compare(where, "type", workflow.type, properties.StateMachineType),
        ...compareDefinitions(where, parse(readDefinition(workflow)), parse(String(properties.DefinitionString))),
        ...compare(where, "tracing", true, objectAt(properties.TracingConfiguration).Enabled),
        ...(level === "ERROR" || level === "ALL" ? [] : [{ where, what: `logs ${String(level)}` }]),
      ];
    }),
  ];
}

/** Names the states that differ; the definitions themselves are long. */
function compareDefinitions(where: string, wanted: JsonObject, found: JsonObject): Finding[] {
  const [before, after] = [objectAt(wanted.States), objectAt(found.States)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const different = [...names].filter((name) => canonical(before[name]) !== canonical(after[name]));
  return [
    ...compare(where, "StartAt", wanted.StartAt, found.StartAt),
    ...different.map((name) => ({ where, what: `state "${name}" is not as in the blueprint` })),
  ];
}

/** Each `${Name}` of a definition has its value, the right one; none is left over. */
export function checkSubstitutions(deployment: Deployment, { workflows }: Blueprint): Finding[] {
  return workflows.flatMap(({ name, substitutions }) => {
    const machine = deployment.all("AWS::StepFunctions::StateMachine").find(({ properties }) => properties.StateMachineName === name);
    if (machine === undefined) return [];
    const values = objectAt(machine.properties.DefinitionSubstitutions);
    const used = [...String(machine.properties.DefinitionString).matchAll(/\$\{(\w+)\}/g)].map(([, one]) => one as string);
    const where = `workflow ${name}`;
    return [
      ...compareSets(where, "substitution", used, Object.keys(values)),
      ...Object.entries(substitutions).flatMap(([key, reference]) => compare(where, key, substituteOf(reference), values[key])),
    ];
  });
}

function substituteOf({ kind, name }: Reference): string {
  return kind === "function" || kind === "workflow" ? plainArns[kind](name) : name;
}

function parse(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}
