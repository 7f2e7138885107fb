/** What rings. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { failedInvocations } from "../constructs/watches.ts";
import { runtimeFunctionsOf } from "../runtime/functions.ts";
import { compareSets, type Deployment, type Finding, listOf } from "./deployment.ts";
import { plainArns } from "./plain-arns.ts";

/** There is an alarm for failures and throttles of workflows and functions, dead letters, late queues and streams, and the API. Every function's failures count. */
export function checkAlarms(deployment: Deployment, blueprint: Blueprint): Finding[] {
  const { names, workflows, queues, tables } = blueprint;
  const found = deployment.all("AWS::CloudWatch::Alarm").map(({ properties: { Namespace, MetricName, Dimensions } }) => {
    const dimensions = listOf<JsonObject>(Dimensions).map(({ Value }) => String(Value));
    return [Namespace, MetricName, ...dimensions].join(" ");
  });
  const wanted = [
    ...workflows.flatMap(({ name }) =>
      ["ExecutionsFailed", "ExecutionThrottled"].map((metric) => `AWS/States ${metric} ${plainArns.workflow(name)}`),
    ),
    `${names.metricsNamespace} ${failedInvocations.metricName}`,
    "AWS/Lambda Throttles",
    ...queues.map(({ name, consumer }) =>
      consumer === undefined ? `AWS/SQS ApproximateNumberOfMessagesVisible ${name}` : `AWS/SQS ApproximateAgeOfOldestMessage ${name}`,
    ),
    ...tables.flatMap(({ stream = [] }) => stream.map((consumer) => `AWS/Lambda IteratorAge ${consumer.function}`)),
    `AWS/ApiGateway 5xx <${deployment.all("AWS::ApiGatewayV2::Api")[0]?.id}>`,
  ];
  return [...compareSets("alarms", "alarm", wanted, found), ...checkCounted(deployment, blueprint)];
}

/** The log of each function, and no other, counts into the bar's metric of failed invocations. */
function checkCounted(deployment: Deployment, blueprint: Blueprint): Finding[] {
  const metric = (namespace: unknown, name: unknown, group: unknown): string => `${namespace} ${name} of ${group}`;
  const found = deployment
    .all("AWS::Logs::MetricFilter")
    .flatMap(({ properties: { LogGroupName, MetricTransformations } }) =>
      listOf<JsonObject>(MetricTransformations).map(({ MetricNamespace, MetricName }) => metric(MetricNamespace, MetricName, LogGroupName)),
    );
  const wanted = runtimeFunctionsOf(blueprint).map(({ name }) =>
    metric(blueprint.names.metricsNamespace, failedInvocations.metricName, `/aws/lambda/${name}`),
  );
  return compareSets("alarms", "metric filter", wanted, found);
}
