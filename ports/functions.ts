import type { JsonValue } from "./json.ts";

/** What a handler receives beside its event; a subset of Lambda's context. */
export interface FunctionContext {
  readonly functionName: string;
  readonly awsRequestId: string;
  /** Writes one line to the function's log group, `/aws/lambda/NAME`. */
  log(line: string | JsonValue): void;
}
/** A function of the blueprint. Whatever it throws is its failure: `name` becomes the error type. It may be called again with the same event. */
export type FunctionHandler = (event: JsonValue, context: FunctionContext) => Promise<JsonValue | undefined>;

/** One message of a queue as a function gets it; `event.Records` holds them, as from SQS. The function answers `{batchItemFailures: [{itemIdentifier}]}`. */
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
}
/** One change of a table as a function gets it; `event.Records` holds them, as from DynamoDB Streams, images in DynamoDB JSON. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly dynamodb: { readonly Keys: JsonValue; readonly NewImage?: JsonValue; readonly OldImage?: JsonValue };
}
