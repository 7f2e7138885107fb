/** What SQS's older query protocol means. */
import type { QueryShapes } from "@serverlesspresso/aws-service";

/** Names of SQS's errors in its query protocol. */
export const queryCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
  InvalidParameterValueException: "InvalidParameterValue",
  MissingRequiredParameterException: "MissingParameter",
};

const sqsEntries: Readonly<Record<string, string>> = {
  Messages: "Message",
  QueueUrls: "QueueUrl",
  queueUrls: "QueueUrl",
  Failed: "BatchResultErrorEntry",
  Results: "ListMessageMoveTasksResultEntry",
};

/** Its parameters and answers. */
export const queryShapes: QueryShapes = {
  version: "2012-11-05",
  namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
  lists: {
    SendMessageBatchRequestEntry: "Entries",
    DeleteMessageBatchRequestEntry: "Entries",
    ChangeMessageVisibilityBatchRequestEntry: "Entries",
  },
  maps: {
    Attribute: { member: () => "Attributes", key: "Name", value: "Value" },
    MessageAttribute: { member: () => "MessageAttributes", key: "Name", value: "Value" },
    MessageSystemAttribute: { member: () => "MessageSystemAttributes", key: "Name", value: "Value" },
    Tag: { member: (operation) => (operation === "CreateQueue" ? "tags" : "Tags"), key: "Key", value: "Value" },
  },
  numbers: ["DelaySeconds", "VisibilityTimeout"],
  entries: (operation, member) => (member === "Successful" ? `${operation}ResultEntry` : sqsEntries[member]),
};
