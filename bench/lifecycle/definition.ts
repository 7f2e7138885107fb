import { configFields, type DetailType, names } from "@serverlesspresso/contract";
import type { JsonObject } from "@serverlesspresso/ports";

const emit = (detailType: DetailType, waits: boolean, more: JsonObject): JsonObject => ({
  Type: "Task",
  Resource: `arn:aws:states:::events:putEvents${waits ? ".waitForTaskToken" : ""}`,
  Parameters: {
    Entries: [
      {
        Source: names.eventSource,
        EventBusName: names.bus,
        DetailType: detailType,
        Detail: {
          Message: "One step of an order.",
          ...(waits && { "TaskToken.$": "$$.Task.Token" }),
          "orderId.$": "$.detail.orderId",
          "userId.$": "$.detail.userId",
        },
      },
    ],
  },
  ...more,
});
const timeout = (seconds: number): JsonObject => ({
  TimeoutSeconds: seconds,
  Catch: [{ ErrorEquals: ["States.Timeout"], ResultPath: "$.comment", Next: "Emit - error timeout" }],
});

/** The order processor's steps: config read, wait for the guest, number, wait for the bar, final event. */
export const lifecycleDefinition: JsonObject = {
  StartAt: "DynamoDB Get Shop Status",
  States: {
    "DynamoDB Get Shop Status": {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:getItem",
      Parameters: { TableName: names.configTable, Key: { PK: { S: "config" } } },
      ResultPath: "$.GetStore",
      Next: "Shop Open?",
    },
    "Shop Open?": {
      Type: "Choice",
      Choices: [{ Variable: "$.GetStore.Item.storeOpen.BOOL", BooleanEquals: true, Next: "Emit - Workflow Started TT" }],
      Default: "Emit - error timeout",
    },
    "Emit - Workflow Started TT": emit("OrderProcessor.WorkflowStarted", true, {
      ...timeout(configFields.customerTimeoutSeconds.default),
      ResultPath: "$.Submission",
      Next: "Generate Order Number",
    }),
    "Generate Order Number": {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:updateItem",
      Parameters: {
        TableName: names.countingTable,
        Key: { PK: { S: "orderID" } },
        UpdateExpression: "set IDvalue = IDvalue + :val",
        ExpressionAttributeValues: { ":val": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      },
      ResultSelector: { "orderNumber.$": "$.Attributes.IDvalue.N" },
      ResultPath: "$.Order",
      Next: "Emit - Awaiting Completion TT",
    },
    "Emit - Awaiting Completion TT": emit("OrderProcessor.WaitingCompletion", true, {
      ...timeout(configFields.baristaTimeoutSeconds.default),
      ResultPath: "$.Completion",
      Next: "Emit - order finished",
    }),
    "Emit - order finished": emit("OrderProcessor.orderFinished", false, { ResultPath: "$.Finished", End: true }),
    "Emit - error timeout": emit("OrderProcessor.OrderTimeOut", false, { End: true }),
  },
};
