import type { AwsCaller, BoundService } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";

/** One service of AWS as the gateway answers it: its operations by name, on the shapes of its JSON protocol. */
export interface WireService extends BoundService {
  /**
   * As the wire does: what it wrote is durable before it resolves.
   * @param note called at the end of the transaction of an operation that does not wait
   */
  call(operation: string, request: JsonObject, caller: AwsCaller, note?: (tx: Transaction) => void): Promise<JsonObject>;
}

/** By `target`. */
export type WireServices = ReadonlyMap<string, WireService>;
