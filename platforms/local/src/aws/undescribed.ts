/** Engines whose operations are not defined as those of an AWS service yet: what is said of these follows from their names. */
import {
  type AwsCaller,
  AwsServiceError,
  type BoundService,
  type OperationDescription,
  type ServiceDescription,
} from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";

interface Engine {
  readonly operations: readonly string[];
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
}
type Waiting = Readonly<Record<string, (request: JsonObject, caller: AwsCaller) => Promise<JsonObject>>>;
type Said = Omit<ServiceDescription, "operations" | "errors"> & { readonly errors?: Partial<ServiceDescription["errors"]> };

/** @param waiting those that take their time */
export function undescribed(said: Said, engine: Engine, waiting: Waiting = {}): BoundService {
  const names = [...new Set([...engine.operations, ...Object.keys(waiting)])];
  const describe = (name: string): OperationDescription => ({
    kind: !engine.operations.includes(name) ? "wait" : isReading(name) ? "read" : "write",
    isReading: isReading(name),
    waits: Object.hasOwn(waiting, name),
    input: z.unknown(),
    isStreaming: streaming.has(name),
  });
  const invalid = (): AwsServiceError => new AwsServiceError("ValidationException", "The request is not valid");
  return {
    service: { ...said, errors: { invalid, ...said.errors }, operations: Object.fromEntries(names.map((name) => [name, describe(name)])) },
    operations: names,
    execute: (tx, operation, request) => engine.execute(tx, operation, request),
    query() {
      throw new TypeError("An undescribed engine is asked itself");
    },
    wait: (operation, request, caller) => (waiting[operation] as Waiting[string])(request, caller),
  };
}

/** Operations of AWS that read; TestState performs its task. */
const read = /^(?:Get|List|Describe|Batch(?:Get)|Query|Scan|Test(?!State)|Validate|Filter|Search|Transact(?:Get)|Lookup)/;
/** What consumers, workers and producers do without end, some of it by names that sound like reading: CloudTrail leaves such data events out, too. */
const streaming = new Set([
  "ReceiveMessage",
  "DeleteMessage",
  "DeleteMessageBatch",
  "ChangeMessageVisibility",
  "ChangeMessageVisibilityBatch",
  "GetActivityTask",
  "SendTaskHeartbeat",
  "PutMetricData",
  "PutLogEvents",
]);

/** Whether an operation changes nothing. */
function isReading(operation: string): boolean {
  return read.test(operation) && !streaming.has(operation);
}
