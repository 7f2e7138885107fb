/** History events as GetExecutionHistory answers them. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { HistoryEvent } from "@serverlesspresso/states-language";
import { seconds } from "./request.ts";

const texts = new Set(["input", "output", "parameters"]);

/** `includeData: false` leaves inputs and outputs out. */
export function historyEventOf({ id, previousEventId, timestampMs, type, details }: HistoryEvent, includeData: boolean): JsonObject {
  const event: Record<string, JsonValue> = { timestamp: seconds(timestampMs), type, id, previousEventId };
  if (details !== undefined) event[memberOf(type)] = detailsOf(details, includeData);
  return event;
}

/** The member that holds an event's details, e.g. `taskScheduledEventDetails`. */
function memberOf(type: string): string {
  const [, end] = /State(Entered|Exited)$/.exec(type) ?? [];
  if (end !== undefined) return `state${end}EventDetails`;
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function detailsOf(details: JsonObject, includeData: boolean): JsonObject {
  const shaped: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(details)) {
    if (name === "assignedVariables") Object.assign(shaped, variablesOf(value as JsonObject, includeData));
    else if (!texts.has(name)) shaped[name] = value;
    else {
      if (includeData) shaped[name] = JSON.stringify(value);
      if (name !== "parameters") shaped[`${name}Details`] = { truncated: false };
    }
  }
  return shaped;
}

function variablesOf(variables: JsonObject, includeData: boolean): JsonObject {
  const assignedVariables = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]));
  return { ...(includeData && { assignedVariables }), assignedVariablesDetails: { truncated: false } };
}
