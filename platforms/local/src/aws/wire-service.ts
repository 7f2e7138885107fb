import type { AwsCaller, BoundService } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";

/** One service of AWS as the gateway answers it: its operations by name, on the shapes of its JSON protocol. */
export interface WireService extends BoundService {
  /** As the wire does: what it wrote is durable before it resolves. */
  call(operation: string, request: JsonObject, caller: AwsCaller): Promise<JsonObject>;
}

/** By `target`. */
export type WireServices = ReadonlyMap<string, WireService>;
