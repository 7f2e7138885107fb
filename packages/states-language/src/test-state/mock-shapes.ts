/** Members of the answers of AWS calls whose type a mocked result must keep. What stands in no table is taken as it is. */
import type { JsonValue } from "@serverlesspresso/ports";
import { isObject } from "../frame.ts";

type Shape = "number" | "string" | "boolean" | readonly string[];

const storageClasses = [
  ...["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "OUTPOSTS"],
  ...["GLACIER_IR", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS"],
];

const shapes: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  "arn:aws:states:::aws-sdk:s3:getObject": {
    AcceptRanges: "string",
    Body: "string",
    BucketKeyEnabled: "boolean",
    CacheControl: "string",
    ContentLength: "number",
    ContentType: "string",
    DeleteMarker: "boolean",
    ETag: "string",
    MissingMeta: "number",
    PartsCount: "number",
    ReplicationStatus: ["COMPLETE", "PENDING", "FAILED", "REPLICA", "COMPLETED"],
    RequestCharged: ["requester"],
    ServerSideEncryption: ["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"],
    StorageClass: storageClasses,
    TagCount: "number",
    VersionId: "string",
  },
  "arn:aws:states:::aws-sdk:sfn:startExecution": { ExecutionArn: "string" },
  "arn:aws:states:::aws-sdk:eventbridge:putEvents": { FailedEntryCount: "number" },
  "arn:aws:states:::aws-sdk:sqs:sendMessage": { MessageId: "string", Md5OfMessageBody: "string", SequenceNumber: "string" },
  "arn:aws:states:::aws-sdk:lambda:invoke": {
    StatusCode: "number",
    ExecutedVersion: "string",
    FunctionError: "string",
    LogResult: "string",
  },
};

/** What is wrong with a mocked result of the resource, in AWS's words. */
export function mockProblem(resource: string, result: JsonValue): string | undefined {
  const fields = Object.hasOwn(shapes, resource) ? shapes[resource] : undefined;
  if (!fields || !isObject(result)) return undefined;
  for (const [name, shape] of Object.entries(fields)) {
    const value = result[name];
    if (value === undefined || value === null) continue;
    if (typeof shape !== "string") {
      if (typeof value !== "string" || !shape.includes(value)) return `Field '${name}' is not an expected value`;
    } else if (typeof value !== shape) return `Field '${name}' must be a ${shape}`;
  }
  return undefined;
}
