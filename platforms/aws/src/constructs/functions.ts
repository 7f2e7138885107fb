import { Duration } from "aws-cdk-lib";
import {
  Architecture,
  CfnEventInvokeConfig,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { FilterPattern, type LogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { EnvironmentName, RuntimeFunction } from "../runtime/functions.ts";
import { createLogGroup } from "./log-groups.ts";
import type { Arns } from "./place.ts";
import { type Places, type Right, rightsOf, tracing } from "./rights.ts";
import { roleFor } from "./roles.ts";
import { failedInvocations } from "./watches.ts";

/** What functions need apart from the blueprint: code, environment, rights and the dead-letter queue. */
export interface FunctionsOptions {
  /** Returns the folder of a function's bundle: `index.mjs`, which exports `handler`. */
  readonly codeOf: (fn: RuntimeFunction) => string;
  readonly arns: Arns;
  readonly places: Places;
  readonly environment: Readonly<Record<EnvironmentName, string>>;
  /** The rights to read a function's source, its queue or its table's stream, by function. */
  readonly sourceRights: ReadonlyMap<string, readonly Right[]>;
  /** Receives the events that a function could not handle. */
  readonly deadLetters: Queue;
}

/** Asynchronous calls, by EventBridge or by hand, are retried twice, for at most an hour: no guest waits longer. */
const asynchronous = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3600 } as const;

/** Creates every function, with its own role, its own log group and a queue for failed events. Returns them by name. */
export function createFunctions(
  scope: Construct,
  functions: readonly RuntimeFunction[],
  options: FunctionsOptions,
): ReadonlyMap<string, LambdaFunction> {
  return new Map(functions.map((fn) => [fn.name, createFunction(scope, fn, options)]));
}

function createFunction(scope: Construct, blueprint: RuntimeFunction, options: FunctionsOptions): LambdaFunction {
  const { name, service, description, memoryMb, timeoutSeconds } = blueprint;
  const { deadLetters } = options;
  const logGroupName = `/aws/lambda/${name}`;
  const role = roleFor(
    scope,
    `${name}-role`,
    "lambda.amazonaws.com",
    rightsOfFunction(blueprint, logGroupName, options),
    `What ${name} may do`,
  );
  const logGroup = createLogGroup(scope, `${name}-logs`, logGroupName);
  countFailures(scope, name, logGroup, options.places.metricsNamespace);
  const fn = new LambdaFunction(scope, name, {
    functionName: name,
    description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: "index.handler",
    code: Code.fromAsset(options.codeOf(blueprint)),
    memorySize: memoryMb,
    timeout: Duration.seconds(timeoutSeconds),
    role: role.withoutPolicyUpdates(),
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    tracing: Tracing.PASS_THROUGH,
    environment: {
      POWERTOOLS_SERVICE_NAME: service,
      POWERTOOLS_METRICS_NAMESPACE: options.places.metricsNamespace,
      LOG_LEVEL: "INFO",
      ...Object.fromEntries(blueprint.environment.map((variable) => [variable, options.environment[variable]])),
    },
  });
  fn.node.addDependency(role);
  new CfnEventInvokeConfig(scope, `${name}-failures`, {
    functionName: fn.functionName,
    qualifier: "$LATEST",
    ...asynchronous,
    destinationConfig: { onFailure: { destination: deadLetters.queueArn } },
  });
  return fn;
}

/** Counts each invocation whose report says `error`, `failure` or `timeout`: what Lambda counts as `Errors`. */
function countFailures(scope: Construct, name: string, logGroup: LogGroup, metricNamespace: string): void {
  const { metricName, type, status } = failedInvocations;
  new MetricFilter(scope, `${name}-failed`, {
    logGroup,
    filterPattern: FilterPattern.all(FilterPattern.stringValue("$.type", "=", type), FilterPattern.stringValue(status, "!=", "success")),
    metricNamespace,
    metricName,
    metricValue: "1",
  });
}

/** What it calls, what feeds it, its own log and what it could not do. */
function rightsOfFunction({ name, calls }: RuntimeFunction, group: string, options: FunctionsOptions): Right[] {
  const { arns, places, sourceRights, deadLetters } = options;
  const logs = ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({ action, resource: `${arns.logGroup(group)}:*` }));
  const failures = { action: "sqs:SendMessage", resource: deadLetters.queueArn };
  return [...calls.flatMap((grant) => rightsOf(grant, arns, places)), ...(sourceRights.get(name) ?? []), failures, ...logs, ...tracing];
}
