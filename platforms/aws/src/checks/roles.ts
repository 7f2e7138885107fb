/** Roles: each allows exactly the calls that are made with it. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { rightsOf } from "../constructs/rights.ts";
import { type WorkflowCall, workflowCalls } from "../constructs/workflow-calls.ts";
import { runtimeFunctionsOf } from "../runtime/functions.ts";
import { canonical, compareSets, type Deployment, type Finding, listOf, objectAt, type Resource } from "./deployment.ts";
import { plainArns } from "./plain-arns.ts";

/** What a role allows, as `action resource`, followed by its condition if it has one. */
export function rightsOfRole(deployment: Deployment, roleArn: unknown): string[] {
  const id = /role\/<(.+)>$/.exec(String(roleArn))?.[1];
  const attached = deployment
    .all("AWS::IAM::Policy")
    .filter(({ properties }) => listOf<string>(properties.Roles).includes(`<${id}>`))
    .map(({ properties }) => objectAt(properties.PolicyDocument));
  const role = deployment.all("AWS::IAM::Role").find((one) => one.id === id);
  const inline = listOf<JsonObject>(role?.properties.Policies).map(({ PolicyDocument }) => objectAt(PolicyDocument));
  const managed = listOf<string>(role?.properties.ManagedPolicyArns).map((arn) => `managed ${arn}`);
  return [...managed, ...[...attached, ...inline].flatMap(({ Statement }) => listOf<JsonObject>(Statement).flatMap(rightsOfStatement))];
}

function rightsOfStatement({ Effect, Action, Resource, Condition }: JsonObject): string[] {
  if (Effect !== "Allow") return [];
  return listOf<string>(Action).flatMap((action) =>
    listOf<string>(Resource).map((resource) => printRight(action, resource, Condition as JsonObject | undefined)),
  );
}

function printRight(action: string, resource: string, condition?: JsonObject): string {
  return `${action} ${resource}${condition === undefined ? "" : ` if ${canonical(condition)}`}`;
}

const tracing = ["xray:PutTraceSegments *", "xray:PutTelemetryRecords *"];
const sampling = ["xray:GetSamplingRules *", "xray:GetSamplingTargets *"];
const logDelivery = ["Create", "Get", "Update", "Delete"]
  .map((verb) => `logs:${verb}LogDelivery *`)
  .concat("logs:ListLogDeliveries *", "logs:PutResourcePolicy *", "logs:DescribeResourcePolicies *", "logs:DescribeLogGroups *");

/** A workflow's role allows what its states call, on what its substitutions name. */
export function checkWorkflowRoles(deployment: Deployment): Finding[] {
  const machines = deployment.all("AWS::StepFunctions::StateMachine");
  const waiting = machines.filter(({ properties }) => String(properties.DefinitionString).includes(".waitForTaskToken"));
  return machines.flatMap((machine) => {
    const { StateMachineName, DefinitionString, DefinitionSubstitutions, RoleArn } = machine.properties;
    const calls = workflowCalls(JSON.parse(String(DefinitionString)) as JsonObject);
    const wanted = calls.flatMap((call) => rightsOfCall(call, objectAt(DefinitionSubstitutions), waiting));
    return compareSets(
      `workflow ${StateMachineName}`,
      "right",
      [...wanted, ...logDelivery, ...tracing, ...sampling],
      rightsOfRole(deployment, RoleArn),
    );
  });
}

function rightsOfCall({ action, kind, resource }: WorkflowCall, substitutions: JsonObject, waiting: readonly Resource[]): string[] {
  const value = (resource ?? "").replace(/\$\{(\w+)\}/g, (_, name: string) => String(substitutions[name] ?? `<no ${name}>`));
  const tokens = waiting.map(({ properties }) => String(properties.StateMachineName));
  switch (kind) {
    case "table":
      return [`${action} ${plainArns.table(value)}`];
    case "bus":
      return [`${action} ${plainArns.bus(value)}`];
    case "token":
      return tokens.map((name) => `${action} ${plainArns.workflow(name)}`);
    default:
      return [`${action} ${value}`];
  }
}

/** A function's role allows what `runtime/functions.ts` says, its logs and dead letters, and reading what feeds it. */
export function checkFunctionRoles(deployment: Deployment, blueprint: Blueprint): Finding[] {
  const userPoolArn = `arn:aws:cognito-idp:us-east-1:123456789012:userpool/<${deployment.all("AWS::Cognito::UserPool")[0]?.id}>`;
  const places = { bus: blueprint.bus, metricsNamespace: blueprint.names.metricsNamespace, userPoolArn };
  return runtimeFunctionsOf(blueprint).flatMap(({ name, calls }) => {
    const fn = deployment.all("AWS::Lambda::Function").find(({ properties }) => properties.FunctionName === name);
    if (fn === undefined) return [{ where: `function ${name}`, what: "is not there" }];
    const own = calls
      .flatMap((grant) => rightsOf(grant, plainArns, places))
      .map(({ action, resource, condition }) => printRight(action, resource, condition));
    const logs = ["CreateLogStream", "PutLogEvents"].map((verb) => `logs:${verb} ${plainArns.logGroup(`/aws/lambda/${name}`)}:*`);
    const failures = deployment
      .all("AWS::Lambda::EventInvokeConfig")
      .filter(({ properties }) => properties.FunctionName === name)
      .map(({ properties }) => `sqs:SendMessage ${objectAt(properties, "DestinationConfig", "OnFailure").Destination}`);
    const wanted = [...own, ...logs, ...failures, ...sourceRights(deployment, name), ...tracing];
    return compareSets(`function ${name}`, "right", wanted, rightsOfRole(deployment, fn.properties.Role));
  });
}

function sourceRights(deployment: Deployment, name: string): string[] {
  const sources = deployment.all("AWS::Lambda::EventSourceMapping").filter(({ properties }) => properties.FunctionName === name);
  return sources.flatMap(({ properties }) => {
    const source = String(properties.EventSourceArn);
    if (source.includes(":dynamodb:")) {
      const reading = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"].map((verb) => `${verb} ${source}`);
      return [...reading, "dynamodb:ListStreams *"];
    }
    return ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"].map((verb) => `${verb} ${source}`);
  });
}

/** No two things share a role, and each role is for one service. */
export function checkOwnRoles(deployment: Deployment): Finding[] {
  const users = new Map<string, string[]>();
  for (const { stack, id, properties } of deployment.resources) {
    for (const arn of [properties.Role, properties.RoleArn]) {
      // CDK gives its own helpers the same ids in each stack.
      if (typeof arn === "string") users.set(`${stack} ${arn}`, [...(users.get(`${stack} ${arn}`) ?? []), id]);
    }
  }
  const shared = [...users].filter(([, by]) => by.length > 1).map(([arn, by]) => ({ where: arn, what: `is shared by ${by.join(", ")}` }));
  const trusting = deployment.all("AWS::IAM::Role").flatMap(({ id, properties }) => {
    const statements = listOf<JsonObject>(objectAt(properties.AssumeRolePolicyDocument).Statement);
    const isNarrow = statements.length === 1 && typeof objectAt(statements[0]?.Principal).Service === "string";
    return isNarrow ? [] : [{ where: id, what: "may be assumed by more than one service" }];
  });
  return [...shared, ...trusting];
}
