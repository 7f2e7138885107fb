/** Every failure an AWS caller of SQS would see. `name` and `code` are AWS's, `message` is in AWS's words. */
export class QueueError extends Error {
  readonly code: QueueErrorCode;
  constructor(code: QueueErrorCode, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}
export type QueueErrorCode =
  | "QueueDoesNotExist"
  | "QueueNameExists"
  | "InvalidParameterValueException"
  | "MissingRequiredParameterException"
  | "InvalidAttributeName"
  | "InvalidAttributeValue"
  | "ReceiptHandleIsInvalid"
  | "EmptyBatchRequest"
  | "TooManyEntriesInBatchRequest"
  | "BatchEntryIdsNotDistinct"
  | "BatchRequestTooLong"
  | "ResourceNotFoundException"
  | "UnsupportedOperation"
  | "UnknownOperationException";

export function noSuchQueue(): QueueError {
  return new QueueError("QueueDoesNotExist", "The specified queue does not exist.");
}
