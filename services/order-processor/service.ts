import {
  AwaitingCompletion,
  ExecutionStatusChange,
  NewOrder,
  OrderFinished,
  OrderTimeOut,
  ShopUnavailable,
  WorkflowStarted,
} from "@serverlesspresso/contract/events";
import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { orderFinished } from "./order-finished.ts";
import { orderTimedOut } from "./order-timed-out.ts";
import { orderWorkflowEnded } from "./order-workflow-ended.ts";
import { waitingCompletion } from "./waiting-completion.ts";
import { workflowStarted } from "./workflow-started.ts";

/** The order processor: what happens beside its workflow, `blueprint/workflows/order-processor.asl.json`. */
export const service = defineService(import.meta.url, "order-processor", (names) => {
  const orders = use.table(names.orderTable, "GetItem", "UpdateItem");
  const closing = [orders, use.table(names.validatorTable, "UpdateItem")];
  return {
    rules: [
      {
        name: "NewOrder",
        description: "starts a workflow for each new order",
        on: [NewOrder],
        target: { workflow: "OrderProcessorWorkflow", executionNamePath: "$.detail.orderId" },
      },
      {
        name: "WorkflowStarted",
        description: "the workflow waits for the guest's choice",
        on: [WorkflowStarted],
        target: { function: "WorkflowStarted" },
      },
      {
        name: "WaitingCompletion",
        description: "the workflow waits for a barista",
        on: [AwaitingCompletion],
        target: { function: "WaitingCompletion" },
      },
      {
        name: "OrderTimedOut",
        description: "nobody acted in time, or the shop refused",
        on: [OrderTimeOut, ShopUnavailable],
        target: { function: "OrderTimedOut" },
      },
      {
        // Sees only workflows that were resumed by hand, where no order manager has closed the order.
        name: "OrderFinished",
        description: "a workflow was resumed by hand to its end",
        on: [OrderFinished],
        detail: { resumedByHand: [true] },
        target: { function: "OrderFinished" },
      },
      {
        name: "OrderWorkflowEnded",
        description: "an order's workflow ended before the order did",
        on: [ExecutionStatusChange],
        detail: {
          status: ["FAILED", "ABORTED", "TIMED_OUT"],
          stateMachineArn: [{ suffix: `:stateMachine:${names.orderProcessor}` }],
        },
        target: { function: "OrderWorkflowEnded" },
      },
    ],
    functions: {
      WorkflowStarted: {
        handler: workflowStarted,
        description: "stores the first task token, or makes an order whose event was put on the bus by hand",
        uses: [use.table(names.orderTable, "GetItem", "PutItem", "UpdateItem"), use.tasks(names.orderProcessor)],
      },
      WaitingCompletion: {
        handler: waitingCompletion,
        description: "stores order number and second task token, then tells the bus",
        uses: [use.table(names.orderTable, "GetItem", "PutItem", "UpdateItem"), use.events, use.tasks(names.orderProcessor)],
      },
      OrderTimedOut: {
        handler: orderTimedOut,
        description: "closes an order that was refused or timed out",
        uses: [...closing, use.topic(names.adminTopic), use.topic(`${names.userTopicPrefix}{userId}`)],
      },
      OrderFinished: {
        handler: orderFinished,
        description: "closes an order whose workflow was resumed by hand",
        uses: [orders, use.events],
      },
      OrderWorkflowEnded: {
        handler: orderWorkflowEnded,
        description: "closes an order whose workflow failed, was stopped or ran out of time",
        uses: [...closing, use.events],
      },
    },
  };
});
