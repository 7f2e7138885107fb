import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";

/** What the suite needs; `settle` resolves when everything under way has finished. */
export interface EventsTools {
  readonly events: EventBridgeClient;
  readonly queues: SQSClient;
  nowMs(): number;
  settle(): Promise<void>;
}
