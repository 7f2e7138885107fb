import type { AwsCaller } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";

/** One service of AWS: its operations by name, on the shapes of its JSON protocol. */
export interface AwsService {
  /** What a signature's scope calls it. */
  readonly signingNames: readonly string[];
  /** The longest request in bytes. */
  readonly mostBytes: number;
  readonly operations: readonly string[];
  /** Anybody may call these, unsigned. */
  readonly publicOperations?: ReadonlySet<string>;
  call(operation: string, request: JsonObject, caller: AwsCaller): Promise<JsonObject>;
}

/** By the first part of `X-Amz-Target`; REST services by their own name. */
export type AwsServices = Readonly<Record<string, AwsService>>;
