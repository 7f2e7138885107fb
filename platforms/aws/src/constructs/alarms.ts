import type { Blueprint } from "@serverlesspresso/blueprint";
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";

/** What an alarm watches. */
interface Watch {
  readonly id: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum";
  /** Rings above this. */
  readonly threshold: number;
}

export interface AlarmsOptions {
  readonly blueprint: Blueprint;
  readonly workflowArn: (name: string) => string;
  readonly apiId: string;
  /** Who is told; nobody where undefined. */
  readonly email: string | undefined;
}

/** The oldest message of a queue, the oldest record of a stream: older than this, something stands still. */
const oldestSeconds = 600;
const streamSeconds = 60;

/** Alarms for what a bar would notice: failures, throttles, dead letters, things that stand still. */
export function createAlarms(scope: Construct, options: AlarmsOptions): void {
  const topic = options.email === undefined ? undefined : createTopic(scope, options.email);
  for (const { id, description, threshold, dimensions, ...metric } of watches(options)) {
    const alarm = new Alarm(scope, `Alarm-${id}`, {
      alarmName: `Serverlesspresso-${id}`,
      alarmDescription: description,
      metric: new Metric({ ...metric, ...(dimensions !== undefined && { dimensionsMap: { ...dimensions } }), period: Duration.minutes(5) }),
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic !== undefined) alarm.addAlarmAction(new SnsAction(topic));
  }
}

function watches({ blueprint, workflowArn, apiId }: AlarmsOptions): Watch[] {
  const { workflows, queues, tables } = blueprint;
  return [
    ...workflows.flatMap(({ name }) => ofWorkflow(name, workflowArn(name))),
    // Without a dimension it counts all functions of the region: one alarm in place of thirty.
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

function createTopic(scope: Construct, email: string): Topic {
  const topic = new Topic(scope, "Alarms", { topicName: "Serverlesspresso-alarms", enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
    }),
  );
  new Subscription(scope, "Alarms-mail", { topic, protocol: SubscriptionProtocol.EMAIL, endpoint: email });
  return topic;
}
