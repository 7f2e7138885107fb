import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Reference, WorkflowBlueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { createLogGroup } from "./log-groups.ts";
import type { Arns } from "./place.ts";
import { type Right, sampling, tracing } from "./rights.ts";
import { roleFor } from "./roles.ts";
import { handsOutTokens, type WorkflowCall, workflowCalls } from "./workflow-calls.ts";

const folder = join(import.meta.dirname, "../../../../blueprint");

/** The rights to deliver a workflow's log; IAM has no resource types for them. */
const logDelivery: readonly Right[] = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
].map((action) => ({ action, resource: "*" }));

/** Returns a workflow's definition from the blueprint, with each `${Name}` as it is. */
export function readDefinition({ file }: Pick<WorkflowBlueprint, "file">): string {
  return readFileSync(join(folder, file), "utf8");
}

/**
 * Creates the blueprint's workflows from its own files, which CloudFormation fills in, and returns them by name. Errors are logged with their
 * data, and traced. The history of a Standard execution has the rest; a full log of every Express execution would cost more than all else.
 */
export function createWorkflows(
  scope: Construct,
  blueprints: readonly WorkflowBlueprint[],
  arns: Arns,
): ReadonlyMap<string, CfnStateMachine> {
  const texts = new Map(blueprints.map((blueprint) => [blueprint.name, readDefinition(blueprint)]));
  const waiting = blueprints
    .filter(({ name }) => handsOutTokens(JSON.parse(texts.get(name) as string) as JsonObject))
    .map(({ name }) => name);
  return new Map(blueprints.map((blueprint) => [blueprint.name, create(blueprint)]));

  function create({ name, type, substitutions }: WorkflowBlueprint): CfnStateMachine {
    const text = texts.get(name) as string;
    const arnOf = (resource: string | undefined): string => arnOfReference(named(name, substitutions, resource), arns);
    const calls = workflowCalls(JSON.parse(text) as JsonObject).flatMap((call) => rightsOfCall(call, arnOf));
    const role = roleFor(
      scope,
      `${name}-role`,
      "states.amazonaws.com",
      [...calls, ...logDelivery, ...tracing, ...sampling],
      `What ${name} may do`,
    );
    const logs = createLogGroup(scope, `${name}-logs`, `/aws/vendedlogs/states/${name}`);
    const machine = new CfnStateMachine(scope, name, {
      stateMachineName: name,
      stateMachineType: type,
      roleArn: role.roleArn,
      definitionString: JSON.stringify(JSON.parse(text)),
      definitionSubstitutions: Object.fromEntries(
        Object.entries(substitutions).map(([key, reference]) => [key, valueOfReference(reference, arns)]),
      ),
      loggingConfiguration: {
        level: "ERROR",
        includeExecutionData: true,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
    });
    machine.node.addDependency(role);
    return machine;
  }

  function rightsOfCall({ action, kind, resource }: WorkflowCall, arnOf: (resource: string | undefined) => string): Right[] {
    if (kind === "token") return waiting.map((workflow) => ({ action, resource: arns.workflow(workflow) }));
    return [{ action, resource: arnOf(resource) }];
  }
}

function named(workflow: string, substitutions: WorkflowBlueprint["substitutions"], resource: string | undefined): Reference {
  const reference = substitutions[/^\$\{(\w+)\}$/.exec(resource ?? "")?.[1] ?? ""];
  if (reference === undefined) throw new RangeError(`workflow "${workflow}": no substitution for "${resource ?? ""}"`);
  return reference;
}

/** Returns the value of a `${Name}`: the name of a table, the bus or its source, or the ARN of a function or workflow. */
function valueOfReference(reference: Reference, arns: Arns): string {
  return reference.kind === "function" || reference.kind === "workflow" ? arnOfReference(reference, arns) : reference.name;
}

function arnOfReference({ kind, name }: Reference, arns: Arns): string {
  if (kind === "eventSource") throw new RangeError(`"${name}" is the source of events, expected a resource with an ARN`);
  return arns[kind](name);
}
