import type { JsonValue } from "./json.ts";

/** IoT Core's verb. Resolves once the broker has taken the message; delivery to clients is QoS 1. */
export interface Topics {
  publish(topic: string, payload: JsonValue): Promise<void>;
}
