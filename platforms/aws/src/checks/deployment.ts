/**
 * Templates as they would be deployed: references are followed, so that checks compare names and ARNs.
 * An id that CloudFormation generates is `<LogicalId>`.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** A template as CDK writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, RawResource>>;
  readonly Outputs?: Readonly<Record<string, JsonObject>>;
}
interface RawResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DeletionPolicy?: string;
}
/** The templates by their stacks' names. */
export type Templates = Readonly<Record<string, Template>>;

/** A resource with its references followed. */
export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly deletionPolicy: string | undefined;
}

/** All resources of all stacks. */
export interface Deployment {
  readonly resources: readonly Resource[];
  all(type: string): readonly Resource[];
}

/** A fault that a check found. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

/** The account and region in which references are followed. */
export const place = { account: "123456789012", region: "us-east-1" } as const;
const { account, region } = place;
const pseudo: Readonly<Record<string, string>> = {
  "AWS::Region": region,
  "AWS::AccountId": account,
  "AWS::Partition": "aws",
  "AWS::URLSuffix": "amazonaws.com",
};

/** What `Ref` returns, for types whose value is known before the deployment. */
const nameOf: Readonly<Record<string, (properties: JsonObject) => JsonValue | undefined>> = {
  "AWS::DynamoDB::Table": ({ TableName }) => TableName,
  "AWS::Lambda::Function": ({ FunctionName }) => FunctionName,
  "AWS::Events::EventBus": ({ Name }) => Name,
  "AWS::Logs::LogGroup": ({ LogGroupName }) => LogGroupName,
  "AWS::StepFunctions::StateMachine": ({ StateMachineName }) => `arn:aws:states:${region}:${account}:stateMachine:${StateMachineName}`,
};

/** What `Fn::GetAtt` returns for `Arn`; `id` is the name that CloudFormation generates. */
const arnOf: Readonly<Record<string, (properties: JsonObject, id: string) => string>> = {
  "AWS::DynamoDB::Table": ({ TableName }) => `arn:aws:dynamodb:${region}:${account}:table/${TableName}`,
  "AWS::Lambda::Function": ({ FunctionName }, id) => `arn:aws:lambda:${region}:${account}:function:${FunctionName ?? `<${id}>`}`,
  "AWS::SQS::Queue": ({ QueueName }) => `arn:aws:sqs:${region}:${account}:${QueueName}`,
  "AWS::Events::EventBus": ({ Name }) => `arn:aws:events:${region}:${account}:event-bus/${Name}`,
  "AWS::Events::Rule": ({ Name, EventBusName }) => ruleArn(Name as string, EventBusName as string | undefined),
  "AWS::Logs::LogGroup": ({ LogGroupName }) => `arn:aws:logs:${region}:${account}:log-group:${LogGroupName}:*`,
  "AWS::StepFunctions::StateMachine": ({ StateMachineName }) => `arn:aws:states:${region}:${account}:stateMachine:${StateMachineName}`,
  "AWS::IoT::Authorizer": ({ AuthorizerName }) => `arn:aws:iot:${region}:${account}:authorizer/${AuthorizerName}`,
  "AWS::S3::Bucket": (_, id) => `arn:aws:s3:::<${id}>`,
  "AWS::IAM::Role": (_, id) => `arn:aws:iam::${account}:role/<${id}>`,
  "AWS::Cognito::UserPool": (_, id) => `arn:aws:cognito-idp:${region}:${account}:userpool/<${id}>`,
};

/** Returns the name of a rule in its ARN; on the default bus without the name of the bus. */
export function ruleArn(name: string, busName: string | undefined): string {
  return `arn:aws:events:${region}:${account}:rule/${busName === undefined || busName === "default" ? name : `${busName}/${name}`}`;
}

/** Follows every reference. */
export function readDeployment(templates: Templates): Deployment {
  const exported = new Map<string, readonly [string, JsonValue]>();
  for (const [stack, { Outputs = {} }] of Object.entries(templates)) {
    for (const output of Object.values(Outputs)) {
      const name = (output.Export as JsonObject | undefined)?.Name;
      if (typeof name === "string") exported.set(name, [stack, output.Value as JsonValue]);
    }
  }

  function follow(stack: string, value: JsonValue): JsonValue {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((one) => follow(stack, one)).filter((one) => one !== "<AWS::NoValue>");
    const object = value as JsonObject;
    const [[name, inner] = ["", null], ...others] = Object.entries(object);
    if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) return intrinsic(stack, name, inner as JsonValue);
    const members = Object.entries(object).map(([key, one]) => [key, follow(stack, one)] as const);
    return Object.fromEntries(members.filter(([, one]) => one !== "<AWS::NoValue>"));
  }

  function intrinsic(stack: string, name: string, inner: JsonValue): JsonValue {
    switch (name) {
      case "Ref":
        return pseudo[inner as string] ?? refOf(stack, inner as string);
      case "Fn::GetAtt":
        return attributeOf(stack, inner as readonly [string, string]);
      case "Fn::Join": {
        const [separator, parts] = follow(stack, inner) as [string, string[]];
        return parts.join(separator);
      }
      case "Fn::ImportValue": {
        const [from, value] = exported.get(inner as string) ?? [];
        return from === undefined ? `<no export ${JSON.stringify(inner)}>` : follow(from, value as JsonValue);
      }
      default:
        return `<${name} ${JSON.stringify(follow(stack, inner))}>`;
    }
  }

  function refOf(stack: string, id: string): JsonValue {
    const resource = templates[stack]?.Resources[id];
    if (resource === undefined) return `<${id}>`;
    const known = nameOf[resource.Type]?.(follow(stack, resource.Properties ?? {}) as JsonObject);
    return known ?? `<${id}>`;
  }

  function attributeOf(stack: string, [id, attribute]: readonly [string, string]): JsonValue {
    const resource = templates[stack]?.Resources[id];
    const arn = resource === undefined ? undefined : arnOf[resource.Type]?.(follow(stack, resource.Properties ?? {}) as JsonObject, id);
    if (arn !== undefined && attribute === "Arn") return arn;
    if (arn !== undefined && attribute === "StreamArn") return `${arn}/stream/<latest>`;
    return `<${id}.${attribute}>`;
  }

  const resources = Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([id, { Type, Properties = {}, DeletionPolicy }]) => ({
      stack,
      id,
      type: Type,
      properties: follow(stack, Properties) as JsonObject,
      deletionPolicy: DeletionPolicy,
    })),
  );
  return { resources, all: (type) => resources.filter((resource) => resource.type === type) };
}

/** Returns the object at a path of names; `{}` if it is missing or not an object. */
export function objectAt(value: JsonValue | undefined, ...path: readonly string[]): JsonObject {
  let found: JsonValue | undefined = value;
  for (const name of path) found = found !== null && typeof found === "object" ? (found as JsonObject)[name] : undefined;
  return found !== null && typeof found === "object" && !Array.isArray(found) ? (found as JsonObject) : {};
}

/** Returns a list; `[]` for a missing value, and a list of one for a single value. */
export function listOf<T extends JsonValue = JsonValue>(value: JsonValue | undefined): readonly T[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as readonly T[];
}

/** Returns a finding for each member that only one of the two lists has. */
export function compareSets(where: string, what: string, wanted: Iterable<string>, found: Iterable<string>): Finding[] {
  const [a, b] = [new Set(wanted), new Set(found)];
  return [
    ...[...a].filter((one) => !b.has(one)).map((one) => ({ where, what: `${what} missing: ${one}` })),
    ...[...b].filter((one) => !a.has(one)).map((one) => ({ where, what: `${what} too many: ${one}` })),
  ];
}

/** Returns a value as JSON text with sorted members, for comparison. */
export function canonical(value: JsonValue | undefined): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Returns one finding if the two values differ. */
export function compare(where: string, what: string, wanted: JsonValue | undefined, found: JsonValue | undefined): Finding[] {
  if (canonical(wanted) === canonical(found)) return [];
  return [{ where, what: `${what} is ${canonical(found)}, expected ${canonical(wanted)}` }];
}
