/** Queues and streams, and the functions they feed. */
import type { Blueprint, QueueBlueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { canonical, compare, compareSets, type Deployment, type Finding, listOf, objectAt } from "./deployment.ts";
import { plainArns } from "./plain-arns.ts";

/** Lambda takes no less for a queue's consumer. */
const leastConcurrency = 2;

/** Queues are the blueprint's, with their dead letters. */
export function checkQueues(deployment: Deployment, { queues, functions }: Blueprint): Finding[] {
  const found = deployment.all("AWS::SQS::Queue");
  const names = found.map(({ properties }) => String(properties.QueueName));
  return [
    ...compareSets(
      "queues",
      "queue",
      queues.map(({ name }) => name),
      names,
    ),
    ...queues.flatMap((queue) => {
      const properties = objectAt(found.find(({ properties }) => properties.QueueName === queue.name)?.properties);
      const where = `queue ${queue.name}`;
      const seconds = functions.find(({ name }) => name === queue.consumer?.function)?.timeoutSeconds ?? 0;
      return [
        ...compare(where, "visibility", queue.visibilityTimeoutSeconds, properties.VisibilityTimeout),
        ...compare(where, "dead letters", redriveOf(queue), properties.RedrivePolicy),
        ...(queue.visibilityTimeoutSeconds < 6 * seconds
          ? [{ where, what: "hides messages for less than six times its function's time" }]
          : []),
      ];
    }),
  ];
}

function redriveOf({ deadLetter }: QueueBlueprint): JsonObject | undefined {
  if (deadLetter === undefined) return undefined;
  return { deadLetterTargetArn: plainArns.queue(deadLetter.queue), maxReceiveCount: deadLetter.maxReceiveCount };
}

/** Every queue has a dead-letter queue or is one, also if the blueprint says otherwise. */
export function checkQueuesDeadLetters(deployment: Deployment): Finding[] {
  const arnOf = (name: unknown): string => plainArns.queue(String(name));
  const text = canonical(deployment.resources.map(({ properties }) => properties));
  const isTarget = (arn: string): boolean =>
    [`"deadLetterTargetArn":"${arn}"`, `"DeadLetterConfig":{"Arn":"${arn}"}`, `"OnFailure":{"Destination":"${arn}"}`].some((part) =>
      text.includes(part),
    );
  return deployment
    .all("AWS::SQS::Queue")
    .filter(
      ({ properties }) => objectAt(properties.RedrivePolicy).deadLetterTargetArn === undefined && !isTarget(arnOf(properties.QueueName)),
    )
    .map(({ properties }) => ({ where: `queue ${properties.QueueName}`, what: "has no dead-letter queue" }));
}

/** Each queue feeds the function the blueprint says, in its batches, and takes back single messages that failed. */
export function checkConsumers(deployment: Deployment, { queues }: Blueprint): Finding[] {
  const mappings = deployment
    .all("AWS::Lambda::EventSourceMapping")
    .filter(({ properties }) => String(properties.EventSourceArn).includes(":sqs:"));
  const consumed = queues.filter(({ consumer }) => consumer !== undefined);
  return [
    ...compare("queues", "consumers", consumed.length, mappings.length),
    ...consumed.flatMap(({ name, consumer }) => {
      const mapping = mappings.find(({ properties }) => properties.EventSourceArn === plainArns.queue(name));
      if (mapping === undefined || consumer === undefined) return [{ where: `queue ${name}`, what: "feeds no function" }];
      const { FunctionName, BatchSize, MaximumBatchingWindowInSeconds, FunctionResponseTypes, ScalingConfig } = mapping.properties;
      const where = `consumer of ${name}`;
      return [
        ...compare(where, "function", consumer.function, FunctionName),
        ...compare(where, "batch size", consumer.batchSize, BatchSize),
        ...compare(where, "batch window", consumer.batchWindowSeconds, MaximumBatchingWindowInSeconds),
        ...compare(where, "answers", ["ReportBatchItemFailures"], FunctionResponseTypes),
        ...compare(where, "concurrency", Math.max(leastConcurrency, consumer.concurrency), objectAt(ScalingConfig).MaximumConcurrency),
      ];
    }),
  ];
}

/** Each stream feeds the functions the blueprint says, and what fails for good is kept. */
export function checkStreams(deployment: Deployment, { tables }: Blueprint): Finding[] {
  const mappings = deployment.all("AWS::Lambda::EventSourceMapping");
  return tables.flatMap(({ name, stream = [] }) =>
    stream.flatMap((consumer) => {
      const where = `stream of ${name}`;
      const mapping = mappings.find(
        ({ properties }) =>
          properties.FunctionName === consumer.function && properties.EventSourceArn === `${plainArns.table(name)}/stream/<latest>`,
      );
      if (mapping === undefined) return [{ where, what: `does not feed ${consumer.function}` }];
      const { BatchSize, StartingPosition, DestinationConfig, FilterCriteria, FunctionResponseTypes, MaximumRetryAttempts } =
        mapping.properties;
      const filters = listOf<JsonObject>(objectAt(FilterCriteria).Filters).map(({ Pattern }) => canonical(JSON.parse(String(Pattern))));
      return [
        ...compare(where, "batch size", consumer.batchSize, BatchSize),
        ...compare(where, "start", "TRIM_HORIZON", StartingPosition),
        ...compare(where, "answers", ["ReportBatchItemFailures"], FunctionResponseTypes),
        ...compare(where, "filter", consumer.filter === undefined ? [] : [canonical(consumer.filter)], filters),
        ...(objectAt(DestinationConfig, "OnFailure").Destination === undefined ? [{ where, what: "keeps nothing of what fails" }] : []),
        ...(Number(MaximumRetryAttempts) > 0 ? [] : [{ where, what: "would try a record that fails for ever" }]),
      ];
    }),
  );
}
