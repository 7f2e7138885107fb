import type { JsonValue } from "@serverlesspresso/ports";

/** What a target's path such as `$.detail.orderId` finds in an event, if that can name an execution: a repeated event then starts nothing. */
export function executionName(envelope: unknown, path: JsonValue | undefined): string | undefined {
  if (typeof path !== "string") return undefined;
  let value: unknown = envelope;
  for (const member of path.split(".").slice(1)) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, member) ? (value as Record<string, unknown>)[member] : undefined;
  }
  return typeof value === "string" && /^[\w-]{1,80}$/.test(value) ? value : undefined;
}
