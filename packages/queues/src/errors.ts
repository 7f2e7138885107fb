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
  | "InvalidMessageContents"
  | "ReceiptHandleIsInvalid"
  | "EmptyBatchRequest"
  | "TooManyEntriesInBatchRequest"
  | "BatchEntryIdsNotDistinct"
  | "BatchRequestTooLong"
  | "InvalidBatchEntryId"
  | "PurgeQueueInProgress"
  | "ResourceNotFoundException"
  | "UnsupportedOperation"
  | "UnknownOperationException";

export function noSuchQueue(): QueueError {
  return new QueueError("QueueDoesNotExist", "The specified queue does not exist.");
}

export function invalid(message: string): QueueError {
  return new QueueError("InvalidParameterValueException", message);
}

export function missing(parameter: string): QueueError {
  return new QueueError("MissingRequiredParameterException", `The request must contain the parameter ${parameter}.`);
}

/** A parameter's value that SQS refuses, in its one form of saying so. */
export function invalidValue(value: unknown, parameter: string, reason: string): QueueError {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return invalid(`Value ${text} for parameter ${parameter} is invalid. Reason: ${reason}`);
}
