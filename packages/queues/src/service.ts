/** SQS, as its callers meet it. */
import { type AwsCaller, type AwsService, defineAwsService } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { QueuesEngine } from "./engine.ts";
import { invalidValue, unfit } from "./errors.ts";
import { moveOperations } from "./move-operations.ts";
import { queueOperations } from "./operations.ts";
import { queryCodes, queryShapes } from "./query-protocol.ts";
import { receiveOperations } from "./receive-operations.ts";
import { sendOperations } from "./send-operations.ts";

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html */
export const sqs: AwsService<QueuesEngine> = defineAwsService({
  name: "SQS",
  target: "AmazonSQS",
  signingNames: ["sqs"],
  sdk: { service: "sqs", errors: "Sqs" },
  optimized: { service: "sqs", errors: "SQS", client: "AmazonSQS", unmodelled: "AmazonSQSException" },
  protocol: "json-1.0",
  // A message may have 1 MiB; within JSON it is longer.
  mostBytes: 4 * 1024 * 1024,
  query: queryShapes,
  errors: { invalid: unfit, queryCodes, unmodelled: ["InvalidParameterValueException", "MissingRequiredParameterException"] },
  paging: {
    token: "NextToken",
    limit: "MaxResults",
    most: 1_000,
    refuse: () => invalidValue("NextToken", "NextToken", "It is not a token of this request."),
  },
  forCaller: withOwnUrls,
  operations: { ...queueOperations, ...sendOperations, ...receiveOperations, ...moveOperations },
});

/** Queue URLs lead to this server, under the name by which it was called. */
function withOwnUrls(answer: JsonObject, { origin }: AwsCaller): JsonObject {
  const own = (url: JsonValue): JsonValue => (typeof url === "string" ? url.replace(/^https?:\/\/[^/]+/, origin) : url);
  const members = Object.entries(answer).map(([name, value]): [string, JsonValue] => {
    if (name === "QueueUrl") return [name, own(value)];
    if (/^queueUrls$/i.test(name) && Array.isArray(value)) return [name, value.map((url: JsonValue) => own(url))];
    return [name, value];
  });
  return Object.fromEntries(members);
}
