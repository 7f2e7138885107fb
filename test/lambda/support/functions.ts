/**
 * The functions as Lambda would run them, in this process: each from its own bundle, the very file that a deployment uploads.
 *
 * Their AWS is the bar's own wire API. Their time is the bar's: the clock of this process follows it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { JsonValue } from "@serverlesspresso/ports";
import { runtimeFunctions } from "../../../platforms/aws/src/runtime/functions.ts";
import { account, region } from "../../aws/support.ts";
import { bundleOf } from "./bundles.ts";

export interface LambdaFunctions {
  invoke(name: string, event: unknown): Promise<JsonValue | undefined>;
  /** Resolves when no invocation is running. */
  idle(): Promise<void>;
}

export interface Aws {
  /** Where AWS's own calls go. */
  readonly url: string;
  /** Of the access tokens. */
  readonly issuer: string;
  readonly dataFolder: string;
  readonly userPoolId: string;
  readonly clientId: string;
}
type Handler = (event: unknown, context: object) => Promise<JsonValue | undefined>;

let instances = 0;

/** What the deployment would set, with the way to the bar in place of AWS. */
export function environmentOf({ url, issuer, dataFolder, userPoolId, clientId }: Aws): Record<string, string> {
  const keys = new Map(
    readFileSync(join(dataFolder, "aws-credentials"), "utf8")
      .split("\n")
      .map((line) => line.split(" = ") as [string, string]),
  );
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: keys.get("aws_access_key_id") ?? "",
    AWS_SECRET_ACCESS_KEY: keys.get("aws_secret_access_key") ?? "",
    AWS_ENDPOINT_URL: url,
    USER_POOL_ID: userPoolId,
    USER_POOL_CLIENT_ID: clientId,
    USER_POOL_ISSUER: issuer,
    ORDER_PROCESSOR_ARN: `arn:aws:states:${region}:${account}:stateMachine:OrderProcessorWorkflow`,
    GUEST_SIGN_IN: "on",
    EDGE_KEY: "the-key-of-the-edge",
    POWERTOOLS_SERVICE_NAME: "test",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "SILENT",
  };
}

/** @param beforeEach called before each invocation, e.g. to set the clock */
export function loadFunctions(aws: Aws, beforeEach: () => void): LambdaFunctions {
  Object.assign(process.env, environmentOf(aws));
  const instance = `${process.pid}-${++instances}`;
  const handlers = new Map<string, Promise<Handler>>();
  const running = new Set<Promise<unknown>>();

  async function load(name: string): Promise<Handler> {
    const { handler } = (await import(`${pathToFileURL(await bundleOf(name))}?${instance}`)) as { handler: Handler };
    return handler;
  }

  async function run(name: string, event: unknown): Promise<JsonValue | undefined> {
    const loading = handlers.get(name) ?? load(name);
    handlers.set(name, loading);
    const handler = await loading;
    beforeEach();
    // What Lambda hands over is JSON, and so is what it hands back.
    const answer = await handler(copyOf(event), contextOf(name));
    return answer === undefined ? undefined : (copyOf(answer) as JsonValue);
  }

  return {
    invoke(name, event) {
      const invocation = run(name, event);
      const settled = invocation.catch(() => {}).finally(() => running.delete(settled));
      running.add(settled);
      return invocation;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function contextOf(name: string): object {
  const seconds = runtimeFunctions.find((fn) => fn.name === name)?.timeoutSeconds ?? 3;
  const endsAt = performance.now() + seconds * 1000;
  return {
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${name}`,
    memoryLimitInMB: "256",
    awsRequestId: `request-${Math.floor(endsAt * 1000)}`,
    logGroupName: `/aws/lambda/${name}`,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  };
}
