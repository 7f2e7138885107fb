import type { AwsFailure } from "./failure.ts";

/** Names that services with an older query protocol keep for their errors; clients of that time look for them. */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AmazonSQS: {
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
  },
  GraniteServiceVersion20100801: {
    DashboardInvalidInputError: "InvalidParameterInput",
    DashboardNotFoundError: "ResourceNotFound",
  },
};

/** What the query protocol calls a failure of `service`. */
export function queryErrorCode(
  service: string,
  { code, queryCode }: Pick<AwsFailure, "code"> & Partial<Pick<AwsFailure, "queryCode">>,
): string {
  return queryCode ?? names[service]?.[code] ?? code;
}

/** Tells clients of the newer protocols the older name, as SQS and CloudWatch do. */
export function queryErrorHeader(service: string, failure: AwsFailure): Record<string, string> {
  if (names[service] === undefined) return {};
  return { "x-amzn-query-error": `${queryErrorCode(service, failure)};${failure.status < 500 ? "Sender" : "Receiver"}` };
}
