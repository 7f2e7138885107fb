/** What the blueprint can bring about, by the kinds that are billed: a feature that brings a new kind has to say here what it costs. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonValue } from "@serverlesspresso/ports";
import { isBilled } from "./billing.ts";
import { usualMs } from "./deployment.ts";

/** Of each task's resource the kind; Step Functions' own calls and the reading of executions are free. */
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

/** What the blueprint can do that nobody prices, in words; empty where all has a price. @param definitions the workflows' files */
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

/** `dynamodb:getItem` of `arn:aws:states:::dynamodb:getItem`, whatever it waits for. */
function resourcesOf(definition: JsonValue): string[] {
  const names = [...JSON.stringify(definition).matchAll(/"Resource":"(?:arn:aws:states:::)?([^"]+)"/g)].map(([, name]) => name as string);
  return names.map((name) =>
    name.replace(/\.(?:waitForTaskToken|sync(?::2)?)$/, "").replace(/^\$\{.*$|^arn:aws:lambda:.*$/, "lambda:invoke"),
  );
}
