/** What rings. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { compareSets, type Deployment, type Finding, listOf } from "./deployment.ts";
import { plainArns } from "./plain-arns.ts";

/** There is an alarm for failures and throttles of workflows and functions, dead letters, late queues and streams, and the API. */
export function checkAlarms(deployment: Deployment, { workflows, queues, tables }: Blueprint): Finding[] {
  const found = deployment.all("AWS::CloudWatch::Alarm").map(({ properties: { Namespace, MetricName, Dimensions } }) => {
    const dimensions = listOf<JsonObject>(Dimensions).map(({ Value }) => String(Value));
    return [Namespace, MetricName, ...dimensions].join(" ");
  });
  const wanted = [
    ...workflows.flatMap(({ name }) =>
      ["ExecutionsFailed", "ExecutionThrottled"].map((metric) => `AWS/States ${metric} ${plainArns.workflow(name)}`),
    ),
    "AWS/Lambda Errors",
    "AWS/Lambda Throttles",
    ...queues.map(({ name, consumer }) =>
      consumer === undefined ? `AWS/SQS ApproximateNumberOfMessagesVisible ${name}` : `AWS/SQS ApproximateAgeOfOldestMessage ${name}`,
    ),
    ...tables.flatMap(({ stream = [] }) => stream.map((consumer) => `AWS/Lambda IteratorAge ${consumer.function}`)),
    `AWS/ApiGateway 5xx <${deployment.all("AWS::ApiGatewayV2::Api")[0]?.id}>`,
  ];
  return compareSets("alarms", "alarm", wanted, found);
}
