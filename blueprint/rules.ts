import { names } from "@serverlesspresso/contract";
import type { JsonValue } from "@serverlesspresso/ports";
import type { RuleBlueprint, TargetBlueprint } from "./types.ts";

function rule(
  name: string,
  description: string,
  detailType: readonly JsonValue[] | undefined,
  target: TargetBlueprint,
  detail?: JsonValue,
): RuleBlueprint {
  return {
    name,
    description,
    eventPattern: {
      source: [names.eventSource],
      ...(detailType === undefined ? {} : { "detail-type": detailType }),
      ...(detail === undefined ? {} : { detail }),
    },
    targets: [target],
    deadLetterQueue: names.deadLetterQueue,
  };
}
const prefixes = (...starts: readonly string[]): JsonValue[] => starts.map((prefix) => ({ prefix }));

/** SPEC section 3. `OrderFinished` is ours: it sees only workflows that were resumed by hand, where no order manager has closed the order. */
export const rules: readonly RuleBlueprint[] = [
  rule("logAll", "keeps every event in a log", undefined, { kind: "logGroup", name: names.eventLogGroup }),
  rule("NewOrder", "starts a workflow for each new order", ["Validator.NewOrder"], {
    kind: "workflow",
    name: "OrderProcessorWorkflow",
    executionNamePath: "$.detail.orderId",
  }),
  rule("WorkflowStarted", "the workflow waits for the guest's choice", ["OrderProcessor.WorkflowStarted"], {
    kind: "function",
    name: "WorkflowStarted",
  }),
  rule("WaitingCompletion", "the workflow waits for a barista", ["OrderProcessor.WaitingCompletion"], {
    kind: "function",
    name: "WaitingCompletion",
  }),
  rule("OrderTimedOut", "nobody acted in time, or the shop refused", ["OrderProcessor.OrderTimeOut", "OrderProcessor.ShopUnavailable"], {
    kind: "function",
    name: "OrderTimedOut",
  }),
  rule(
    "OrderFinished",
    "a workflow was resumed by hand to its end",
    ["OrderProcessor.orderFinished"],
    { kind: "function", name: "OrderFinished" },
    { resumedByHand: [true] },
  ),
  {
    name: "OrderWorkflowEnded",
    bus: "default",
    description: "an order's workflow ended before the order did",
    eventPattern: {
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: { status: ["FAILED", "ABORTED", "TIMED_OUT"], stateMachineArn: [{ suffix: `:stateMachine:${names.orderProcessor}` }] },
    },
    targets: [{ kind: "function", name: "OrderWorkflowEnded" }],
    deadLetterQueue: names.deadLetterQueue,
  },
  rule(
    "PublishAdmin",
    "what baristas, displays and operators see",
    prefixes("OrderManager.", "OrderProcessor.", "Validator.", "ConfigService."),
    { kind: "function", name: "PublishAdmin" },
  ),
  rule("PublishUser", "what a guest sees", prefixes("OrderManager.", "OrderProcessor."), { kind: "function", name: "PublishUser" }),
  rule("PublishConfig", "what every client sees", prefixes("ConfigService."), { kind: "function", name: "PublishConfig" }),
  rule(
    "OrderMetrics-DynamoDB",
    "counts drinks and how orders ended",
    ["OrderManager.WaitingCompletion", "OrderManager.OrderCompleted", "OrderManager.OrderCancelled", "OrderProcessor.OrderTimeOut"],
    { kind: "queue", name: names.metricsQueue },
  ),
  rule("OrderManagerWaitingCompletion", "counts drinks for the dashboard", ["OrderManager.WaitingCompletion"], {
    kind: "queue",
    name: names.metricsQueueCloudwatch,
  }),
];
