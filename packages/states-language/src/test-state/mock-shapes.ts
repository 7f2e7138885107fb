/**
 * The shapes of responses of AWS calls, which a mocked result must match. A call or a member that no table names accepts any value.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { isObject } from "../frame.ts";

type Shape =
  | "number"
  | "string"
  | "boolean"
  /** A JSON value of any kind: an instant, a payload. */
  | "any"
  /** One of these texts. */
  | readonly string[]
  | { readonly list: Shape }
  | { readonly map: Shape }
  | Structure;
interface Structure {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

const attributes: Shape = { map: { fields: {} } };
const capacity: Shape = {
  fields: { TableName: "string", CapacityUnits: "number", ReadCapacityUnits: "number", WriteCapacityUnits: "number" },
};
const metrics: Shape = { fields: { ItemCollectionKey: attributes, SizeEstimateRangeGB: { list: "number" } } };
const written: Structure = { fields: { Attributes: attributes, ConsumedCapacity: capacity, ItemCollectionMetrics: metrics } };
const found: Structure = {
  fields: {
    Items: { list: attributes },
    Count: "number",
    ScannedCount: "number",
    LastEvaluatedKey: attributes,
    ConsumedCapacity: capacity,
  },
};

const storageClasses = [
  ...["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "OUTPOSTS"],
  ...["GLACIER_IR", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS"],
];
const encryptions = ["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"];
const checksums = { ChecksumCRC32: "string", ChecksumCRC32C: "string", ChecksumSHA1: "string", ChecksumSHA256: "string" } as const;

const executionStatuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];
const included: Shape = { fields: { Included: "boolean" } };
const described: Structure["fields"] = {
  ExecutionArn: "string",
  StateMachineArn: "string",
  Name: "string",
  Status: executionStatuses,
  StartDate: "any",
  StopDate: "any",
  Input: "string",
  InputDetails: included,
  Output: "string",
  OutputDetails: included,
  TraceHeader: "string",
  MapRunArn: "string",
  Error: "string",
  Cause: "string",
  StateMachineVersionArn: "string",
  StateMachineAliasArn: "string",
  RedriveCount: "number",
  RedriveStatus: ["REDRIVABLE", "NOT_REDRIVABLE", "REDRIVABLE_BY_MAP_RUN"],
  RedriveStatusReason: "string",
};

const started: Structure = { fields: { ExecutionArn: "string", StartDate: "any" }, required: ["ExecutionArn", "StartDate"] };
const putEvents: Structure = {
  fields: {
    FailedEntryCount: "number",
    Entries: { list: { fields: { EventId: "string", ErrorCode: "string", ErrorMessage: "string" } } },
  },
};
const sent: Structure["fields"] = { MessageId: "string", SequenceNumber: "string" };

const shapes: Readonly<Record<string, Structure>> = {
  "aws-sdk:dynamodb:getItem": { fields: { Item: attributes, ConsumedCapacity: capacity } },
  "aws-sdk:dynamodb:putItem": written,
  "aws-sdk:dynamodb:updateItem": written,
  "aws-sdk:dynamodb:deleteItem": written,
  "aws-sdk:dynamodb:query": found,
  "aws-sdk:dynamodb:scan": found,
  "aws-sdk:eventbridge:putEvents": putEvents,
  "aws-sdk:lambda:invoke": {
    fields: { StatusCode: "number", ExecutedVersion: "string", FunctionError: "string", LogResult: "string", Payload: "any" },
  },
  "aws-sdk:s3:getObject": {
    fields: {
      AcceptRanges: "string",
      Body: "string",
      BucketKeyEnabled: "boolean",
      CacheControl: "string",
      ...checksums,
      ContentDisposition: "string",
      ContentEncoding: "string",
      ContentLanguage: "string",
      ContentLength: "number",
      ContentRange: "string",
      ContentType: "string",
      DeleteMarker: "boolean",
      ETag: "string",
      Expiration: "string",
      Metadata: { map: "string" },
      MissingMeta: "number",
      ObjectLockLegalHoldStatus: ["ON", "OFF"],
      ObjectLockMode: ["GOVERNANCE", "COMPLIANCE"],
      PartsCount: "number",
      ReplicationStatus: ["COMPLETE", "PENDING", "FAILED", "REPLICA", "COMPLETED"],
      RequestCharged: ["requester"],
      Restore: "string",
      SSECustomerAlgorithm: "string",
      SSEKMSKeyId: "string",
      ServerSideEncryption: encryptions,
      StorageClass: storageClasses,
      TagCount: "number",
      VersionId: "string",
      WebsiteRedirectLocation: "string",
    },
  },
  "aws-sdk:s3:putObject": {
    fields: {
      BucketKeyEnabled: "boolean",
      ...checksums,
      ETag: "string",
      Expiration: "string",
      RequestCharged: ["requester"],
      ServerSideEncryption: encryptions,
      Size: "number",
      VersionId: "string",
    },
  },
  "aws-sdk:s3:listObjectsV2": {
    fields: {
      CommonPrefixes: { list: { fields: { Prefix: "string" } } },
      Contents: { list: { fields: { ETag: "string", Key: "string", Size: "number", StorageClass: storageClasses } } },
      ContinuationToken: "string",
      Delimiter: "string",
      IsTruncated: "boolean",
      KeyCount: "number",
      MaxKeys: "number",
      Name: "string",
      NextContinuationToken: "string",
      Prefix: "string",
      StartAfter: "string",
    },
  },
  "aws-sdk:sfn:startExecution": started,
  "aws-sdk:sfn:startSyncExecution": {
    fields: { ...described, BillingDetails: { fields: { BilledMemoryUsedInMB: "number", BilledDurationInMilliseconds: "number" } } },
    required: ["ExecutionArn", "StartDate", "StopDate", "Status"],
  },
  "aws-sdk:sfn:describeExecution": { fields: described, required: ["ExecutionArn", "StateMachineArn", "Status", "StartDate"] },
  "aws-sdk:sfn:stopExecution": { fields: { StopDate: "any" }, required: ["StopDate"] },
  "aws-sdk:sns:publish": { fields: sent },
  "aws-sdk:sqs:receiveMessage": {
    fields: {
      Messages: {
        list: {
          fields: { MessageId: "string", ReceiptHandle: "string", Md5OfBody: "string", Body: "string", Attributes: { map: "string" } },
        },
      },
    },
  },
  "aws-sdk:sqs:sendMessage": { fields: { ...sent, Md5OfMessageBody: "string", Md5OfMessageAttributes: "string" } },
};

/** Returns the fault of a mocked result, in AWS's words; undefined without a fault. With `STRICT` required members must be present. */
export function mockProblem(resource: string, result: JsonValue, mode: "STRICT" | "PRESENT"): string | undefined {
  const name = resource.replace(/^arn:aws:states:::/, "");
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  return shape && isObject(result) ? problemOf(shape, result, mode) : undefined;
}

function problemOf({ fields, required = [] }: Structure, result: JsonValue, mode: "STRICT" | "PRESENT"): string | undefined {
  if (!isObject(result)) return undefined;
  const missing = required.find((name) => result[name] === undefined || result[name] === null);
  if (missing !== undefined && mode === "STRICT") return `Required field '${missing}' is missing`;
  for (const [name, shape] of Object.entries(fields)) {
    const problem = fieldProblem(name, shape, result[name], mode);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldProblem(name: string, shape: Shape, value: JsonValue | undefined, mode: "STRICT" | "PRESENT"): string | undefined {
  if (value === undefined || value === null || shape === "any") return undefined;
  if (typeof shape === "string") return typeof value === shape ? undefined : `Field '${name}' must be a ${shape}`;
  if (isList(shape)) return typeof value === "string" && shape.includes(value) ? undefined : `Field '${name}' is not an expected value`;
  if ("list" in shape) {
    if (!Array.isArray(value)) return `Field '${name}' must be an array`;
    return firstProblem(value as readonly JsonValue[], (each) => fieldProblem(name, shape.list, each, mode));
  }
  if (!isObject(value)) return `Field '${name}' must be an object`;
  if ("map" in shape) return firstProblem(Object.entries(value), ([key, each]) => fieldProblem(key, shape.map, each, mode));
  return problemOf(shape, value, mode);
}

function isList(shape: Shape): shape is readonly string[] {
  return Array.isArray(shape);
}

function firstProblem<T>(values: readonly T[], problem: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = problem(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
