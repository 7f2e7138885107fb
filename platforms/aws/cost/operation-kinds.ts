/** Maps what the blueprint can do to billed kinds: a feature with a new kind of operation must name its price here. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonValue } from "@serverlesspresso/ports";
import { isBilled } from "./billing.ts";
import { usualMs } from "./deployment.ts";

/** The kind of each task's resource; Step Functions' own calls and the reading of executions are free. */
const kindOfResource: Readonly<Record<string, string | "free">> = {
  "dynamodb:getItem": "dynamodb.read",
  "dynamodb:updateItem": "dynamodb.write",
  "aws-sdk:dynamodb:transactWriteItems": "dynamodb.write",
  "events:putEvents": "events",
  "lambda:invoke": "lambda",
  "aws-sdk:sfn:listExecutions": "free",
  "aws-sdk:sfn:describeExecution": "free",
  "aws-sdk:sfn:sendTaskSuccess": "free",
  "aws-sdk:sfn:sendTaskFailure": "free",
};
const kindOfTarget: Readonly<Record<string, string>> = { function: "lambda", workflow: "start", queue: "sqs.send", logGroup: "logs.bytes" };
const kindOfWorkflow: Readonly<Record<string, string>> = { STANDARD: "states", EXPRESS: "express.states" };

/** Returns what the blueprint can do that has no price, in words; empty if everything has one. @param definitions the workflows' files */
export function unpriced(blueprint: Blueprint, definitions: readonly JsonValue[]): string[] {
  const { rules, functions, workflows } = blueprint;
  const found: readonly (readonly [what: string, kind: string | undefined])[] = [
    ...definitions.flatMap(resourcesOf).map((resource) => [`task ${resource}`, kindOfResource[resource]] as const),
    ...rules.flatMap(({ targets }) => targets.map(({ kind }) => [`target ${kind}`, kindOfTarget[kind]] as const)),
    ...workflows.map(({ type }) => [`workflow of type ${type}`, kindOfWorkflow[type]] as const),
    ...functions.map(({ name, kind }) => [`function ${name}`, Object.hasOwn(usualMs, kind) ? "lambda" : undefined] as const),
  ];
  return [...new Set(found.filter(([, kind]) => kind === undefined || (kind !== "free" && !isBilled(kind))).map(([what]) => what))];
}

/** Returns the resources without prefix and pattern: `sqs:sendMessage` for `arn:aws:states:::sqs:sendMessage.waitForTaskToken`. */
function resourcesOf(definition: JsonValue): string[] {
  const names = [...JSON.stringify(definition).matchAll(/"Resource":"(?:arn:aws:states:::)?([^"]+)"/g)].map(([, name]) => name as string);
  return names.map((name) =>
    name.replace(/\.(?:waitForTaskToken|sync(?::2)?)$/, "").replace(/^\$\{.*$|^arn:aws:lambda:.*$/, "lambda:invoke"),
  );
}
