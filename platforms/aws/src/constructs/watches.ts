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

/** Returns what the alarms of a blueprint watch: failures, throttles, dead letters, queues and streams that stand still. */
export function watchesOf(blueprint: Pick<Blueprint, "workflows" | "queues" | "tables">, { workflowArn, apiId }: WatchPlaces): Watch[] {
  const { workflows, queues, tables } = blueprint;
  return [
    ...workflows.flatMap(({ name }) => ofWorkflow(name, workflowArn(name))),
    // Without a dimension the metric counts all functions of the region: one alarm in place of thirty.
    {
      id: "functions-failed",
      description: "A function failed",
      namespace: "AWS/Lambda",
      metricName: "Errors",
      statistic: "Sum",
      threshold: 0,
    },
    {
      id: "functions-throttled",
      description: "A function was throttled",
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
