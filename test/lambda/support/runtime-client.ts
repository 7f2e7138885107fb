import { dirname, join } from "node:path";
import { account, region } from "../../aws/support.ts";
import { awsLambdaRic, awsLambdaRicMissing } from "./aws-lambda-ric.ts";

/** What runs a function's handler: it asks the Runtime API for one invocation after another. */
export interface RuntimeClient {
  readonly name: "aws-lambda-ric" | "our own";
  /** A program for Node, told by the variables that Lambda sets. */
  readonly program: string;
  /** Why it is not AWS's own. */
  readonly because?: string;
}

/** What any machine can run. */
export const ownRuntimeClient: RuntimeClient = { name: "our own", program: join(import.meta.dirname, "runtime-client.mjs") };

/** Returns AWS's own where it was built, else ours, with the reason. */
export function chooseRuntimeClient(): RuntimeClient {
  const because = awsLambdaRicMissing();
  return because === undefined ? { name: "aws-lambda-ric", program: awsLambdaRic } : { ...ownRuntimeClient, because };
}

export interface Configuration {
  readonly name: string;
  /** `index.mjs`, which exports `handler`. */
  readonly bundle: string;
  readonly memoryMb: number;
}

/**
 * What Lambda itself sets for a function that logs as ours do, in JSON.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function lambdaVariables({ name, bundle, memoryMb }: Configuration, runtimeApi: string): Readonly<Record<string, string>> {
  return {
    _HANDLER: "index.handler",
    LAMBDA_TASK_ROOT: dirname(bundle),
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${memoryMb}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `2026/06/01/[$LATEST]${name}`,
    TZ: ":UTC",
  };
}

export const functionArn = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;
