import type { Blueprint } from "@serverlesspresso/blueprint";

/** What an alarm watches. */
export interface Watch {
  readonly id: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum";
  /** The alarm is raised above this value. */
  readonly threshold: number;
}

/** The age of the oldest message of a queue, or record of a stream, from which it counts as standing still. */
const oldestSeconds = 600;
const streamSeconds = 60;

/** The identifiers that alarms need apart from names. */
export interface WatchPlaces {
  readonly workflowArn: (name: string) => string;
  readonly apiId: string;
}

/**
 * The metric of a bar's failed invocations, in the bar's namespace: a filter on each function's log counts into it. Lambda's own `Errors` is of one
 * function or of the whole region, whose other functions are not the bar's; an alarm on a sum takes ten metrics at most, and each is billed.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
export const failedInvocations = { metricName: "FailedInvocations", type: "platform.report", status: "$.record.status" } as const;

/** Returns what the alarms of a blueprint watch: failures, throttles, dead letters, queues and streams that stand still. */
export function watchesOf(
  blueprint: Pick<Blueprint, "names" | "workflows" | "queues" | "tables">,
  { workflowArn, apiId }: WatchPlaces,
): Watch[] {
  const { names, workflows, queues, tables } = blueprint;
  return [
    ...workflows.flatMap(({ name }) => ofWorkflow(name, workflowArn(name))),
    {
      id: "functions-failed",
      description: "A function failed",
      namespace: names.metricsNamespace,
      metricName: failedInvocations.metricName,
      statistic: "Sum",
      threshold: 0,
    },
    // Of the whole region on purpose: all its functions share one limit.
    {
      id: "functions-throttled",
      description: "A function of the region was throttled",
      namespace: "AWS/Lambda",
      metricName: "Throttles",
      statistic: "Sum",
      threshold: 0,
    },
    ...queues.map(({ name, consumer }) => (consumer === undefined ? deadLetters(name) : oldestMessage(name))),
    ...tables.flatMap(({ stream }) => (stream ?? []).map((consumer) => lateStream(consumer.function))),
    {
      id: "api-failed",
      description: "The API answered 5xx",
      namespace: "AWS/ApiGateway",
      metricName: "5xx",
      dimensions: { ApiId: apiId },
      statistic: "Sum",
      threshold: 0,
    },
  ];
}

function ofWorkflow(name: string, arn: string): Watch[] {
  const watch = (id: string, metricName: string, description: string): Watch => ({
    id: `${name}-${id}`,
    description,
    namespace: "AWS/States",
    metricName,
    dimensions: { StateMachineArn: arn },
    statistic: "Sum",
    threshold: 0,
  });
  return [watch("failed", "ExecutionsFailed", `${name} failed`), watch("throttled", "ExecutionThrottled", `${name} was throttled`)];
}

const queueMetric = (name: string) => ({ namespace: "AWS/SQS", dimensions: { QueueName: name }, statistic: "Maximum" }) as const;

function deadLetters(name: string): Watch {
  return {
    ...queueMetric(name),
    id: `${name}-filled`,
    description: `A message lies in ${name}`,
    metricName: "ApproximateNumberOfMessagesVisible",
    threshold: 0,
  };
}

function oldestMessage(name: string): Watch {
  return {
    ...queueMetric(name),
    id: `${name}-late`,
    description: `${name} stands still`,
    metricName: "ApproximateAgeOfOldestMessage",
    threshold: oldestSeconds,
  };
}

function lateStream(fn: string): Watch {
  return {
    id: `${fn}-late`,
    description: `${fn} is behind its table's stream`,
    namespace: "AWS/Lambda",
    metricName: "IteratorAge",
    dimensions: { FunctionName: fn },
    statistic: "Maximum",
    threshold: streamSeconds * 1000,
  };
}
