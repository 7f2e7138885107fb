/** EventBridge as a defined service: its operations and errors. */
import { type AwsService, absent, defineAwsService } from "@serverlesspresso/aws-service";
import { archiveOperations } from "./archive-operations.ts";
import { busOperations } from "./bus-operations.ts";
import { connectionOperations } from "./connection-operations.ts";
import type { BusEngine } from "./engine.ts";
import { invalid } from "./errors.ts";
import { replayOperations } from "./replay-operations.ts";
import { ruleOperations } from "./rule-operations.ts";
import { tagOperations } from "./tags.ts";

/**
 * The definition of EventBridge.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html
 */
export const eventBridge: AwsService<BusEngine> = defineAwsService({
  name: "EventBridge",
  target: "AWSEvents",
  signingNames: ["events"],
  sdk: { service: "eventbridge", errors: "EventBridge" },
  optimized: { service: "events", errors: "EventBridge", client: "AmazonEventBridge", unmodelled: "AmazonEventBridgeException" },
  protocol: "json-1.1",
  mostBytes: 2 * 1024 * 1024,
  instants: ["CreationTime", "EventEndTime", "EventLastReplayedTime", "EventStartTime", "ReplayEndTime", "ReplayStartTime"],
  errors: { invalid: ({ message }) => invalid(message) },
  paging: { token: "NextToken", limit: "Limit", most: 100, refuse: () => invalid("Parameter NextToken is not valid.") },
  operations: {
    ...ruleOperations,
    ...busOperations,
    ...tagOperations,
    ...archiveOperations,
    ...replayOperations,
    ...connectionOperations,
    ...absent("there are no partners", [
      "ActivateEventSource",
      "CreatePartnerEventSource",
      "DeactivateEventSource",
      "DeletePartnerEventSource",
      "DescribeEventSource",
      "DescribePartnerEventSource",
      "ListEventSources",
      "ListPartnerEventSourceAccounts",
      "ListPartnerEventSources",
      "PutPartnerEvents",
    ]),
    ...absent("there is one region", ["CreateEndpoint", "DeleteEndpoint", "DescribeEndpoint", "ListEndpoints", "UpdateEndpoint"]),
  },
});
