import { AwsServiceError, type ValidationFault } from "@serverlesspresso/aws-service";

/** Every failure that a caller of SQS sees. */
export class QueueError extends AwsServiceError<QueueErrorCode> {}
/** SQS's codes that this package gives. */
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
  | "UnsupportedOperation";

/** The error for a queue that does not exist. */
export function noSuchQueue(): QueueError {
  return new QueueError("QueueDoesNotExist", "The specified queue does not exist.");
}

/** The error for a value that SQS does not take. */
export function invalid(message: string): QueueError {
  return new QueueError("InvalidParameterValueException", message);
}

/** The error for a parameter that is absent. */
export function missing(parameter: string): QueueError {
  return new QueueError("MissingRequiredParameterException", `The request must contain the parameter ${parameter}.`);
}

/** A parameter's value that SQS refuses, in its one form of saying so. */
export function invalidValue(value: unknown, parameter: string, reason: string): QueueError {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return invalid(`Value ${text} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

/** A request that does not fit its schema. */
export function unfit({ path, value, constraint }: ValidationFault): QueueError {
  return value === undefined ? missing(path) : invalidValue(value, path, constraint);
}
