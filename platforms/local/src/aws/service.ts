import type { JsonObject } from "@serverlesspresso/ports";

/** Who calls, and from where. */
export interface AwsCaller {
  readonly address: string;
  /** Scheme and host by which the caller reached us. */
  readonly origin: string;
  /** Ends when the caller has gone. */
  readonly signal: AbortSignal;
}

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
