/** How the blueprint's data reads in the engines' own words. */
import type { blueprint, Reference, TargetBlueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";

/** The account of the tests' ARNs. */
export const account = "123456789012";
/** The region of the tests' ARNs. */
export const region = "us-east-1";
/** The ARNs of the blueprint's resources, by name. */
export const arns = {
  function: (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  workflow: (name: string) => `arn:aws:states:${region}:${account}:stateMachine:${name}`,
  queue: (name: string) => `arn:aws:sqs:${region}:${account}:${name}`,
  logGroup: (name: string) => `arn:aws:logs:${region}:${account}:log-group:${name}`,
};

/** Returns the list under a key; adds an empty one on first use. */
export function list<T>(map: Map<string, T[]>, key: string): T[] {
  const found = map.get(key) ?? [];
  map.set(key, found);
  return found;
}

/** Returns the pattern of a route's path; each `{name}` is a named group. */
export function pathOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

/** Returns the name at the end of an ARN. */
export function nameOf(arn: string): string {
  return arn.split(":").at(-1) ?? arn;
}

/** Returns the ARN of a rule's target. */
export function arnOf(target: TargetBlueprint): string {
  return arns[target.kind](target.name);
}

/** Returns the value that a workflow's definition has in place of a reference. */
export function resolve(reference: Reference): string {
  if (reference.kind === "function") return arns.function(reference.name);
  return reference.kind === "workflow" ? arns.workflow(reference.name) : reference.name;
}

/** Returns the CreateTable request of a table of the blueprint. */
export function tableRequest({ name, partitionKey, sortKey, indexes, stream }: (typeof blueprint.tables)[number]): JsonObject {
  type Attribute = typeof partitionKey;
  const keys = (hash: Attribute, range: Attribute | undefined): JsonObject[] => [
    { AttributeName: hash.name, KeyType: "HASH" },
    ...(range === undefined ? [] : [{ AttributeName: range.name, KeyType: "RANGE" }]),
  ];
  const attributes = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  const types = new Map(attributes.flatMap((one) => (one === undefined ? [] : [[one.name, one.type] as const])));
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: keys(partitionKey, sortKey),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keys(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: index.attributes },
      })),
    }),
    ...(stream !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } }),
  };
}
