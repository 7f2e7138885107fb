/** Checks PutEvents requests. A wrong entry gets its error in the response and the others are put; a request over a limit is refused as a whole. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { isoSeconds } from "./envelope.ts";
import { EventBusError } from "./errors.ts";

/** The most entries of one PutEvents request. */
export const mostEntries = 10;
const mostBytes = 262_144;

/** A valid entry. */
export interface AcceptedEntry {
  readonly bus: string;
  readonly source: string;
  readonly type: string;
  readonly detail: JsonObject;
  readonly resources: readonly string[];
  readonly time: string;
}
/** The error of a wrong entry, as the response has it. */
export interface RefusedEntry {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Returns the entries of a request. @throws {EventBusError} `ValidationException` for no entry, more than 10, or more than 262,144 bytes in all */
export function entriesOf(request: JsonObject): readonly JsonObject[] {
  const entries = request.Entries;
  if (!Array.isArray(entries) || entries.length === 0) {
    throw invalid(
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (entries.length > mostEntries) {
    throw invalid(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${mostEntries}`,
    );
  }
  let bytes = 0;
  for (const entry of entries) bytes += sizeOf(entry as JsonObject);
  if (bytes > mostBytes) throw invalid("Total size of the entries in the request is over the limit.");
  return entries as readonly JsonObject[];
}

function invalid(message: string): EventBusError {
  return new EventBusError("ValidationException", message);
}

/**
 * Returns the size of an entry as EventBridge counts it: 14 bytes for a time, and the texts in bytes of UTF-8.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
function sizeOf(entry: JsonObject): number {
  let bytes = entry.Time === undefined ? 0 : 14;
  for (const name of ["Source", "DetailType"]) bytes += textBytes(entry[name]);
  bytes += typeof entry.Detail === "object" ? Buffer.byteLength(JSON.stringify(entry.Detail)) : textBytes(entry.Detail);
  if (Array.isArray(entry.Resources)) for (const resource of entry.Resources) bytes += textBytes(resource);
  return bytes;
}

function textBytes(value: JsonValue | undefined): number {
  return typeof value === "string" ? Buffer.byteLength(value) : 0;
}

/** Returns a checked entry, or its error. `Detail` may be JSON text, as on the wire, or the object itself. */
export function parseEntry(entry: JsonObject, nowMs: number): AcceptedEntry | RefusedEntry {
  const { Source: source, DetailType: type, Resources: resources = [] } = entry;
  if (typeof source !== "string" || source === "") return missing("Source");
  if (typeof type !== "string" || type === "") return missing("DetailType");
  if (entry.Detail === undefined || entry.Detail === "") return missing("Detail");
  if (/^aws\./.test(source)) return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  const detail = parseDetail(entry.Detail as JsonValue);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  if (!Array.isArray(resources) || !resources.every((one) => typeof one === "string")) {
    return {
      ErrorCode: "InvalidArgument",
      ErrorMessage: "Parameter Resources is not valid. Reason: Resources must be an array of strings.",
    };
  }
  const time = parseTime(entry.Time, nowMs);
  if (time === undefined) return { ErrorCode: "InvalidArgument", ErrorMessage: "Parameter Time is not valid." };
  return { bus: busNameOf(entry.EventBusName), source, type, detail, resources: resources as readonly string[], time };
}

function missing(name: string): RefusedEntry {
  return { ErrorCode: "InvalidArgument", ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.` };
}

function parseDetail(detail: JsonValue): JsonObject | undefined {
  let value = detail;
  if (typeof detail === "string") {
    try {
      value = JSON.parse(detail) as JsonValue;
    } catch {
      return undefined;
    }
  }
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  return isObject && !isDeeper(value, deepestDetail) ? (value as JsonObject) : undefined;
}

/** Deeper values could be parsed but not written again, because writing JSON recurses. */
const deepestDetail = 1000;

function isDeeper(value: JsonValue, left: number): boolean {
  if (value === null || typeof value !== "object") return false;
  return left === 0 || Object.values(value).some((member) => isDeeper(member as JsonValue, left - 1));
}

/** Returns a time as ISO 8601; undefined if it is invalid. AWS's JSON protocol sends seconds since the epoch; texts are ISO 8601. */
function parseTime(time: JsonValue | undefined, nowMs: number): string | undefined {
  if (time === undefined || time === null) return isoSeconds(nowMs);
  const ms = typeof time === "number" ? time * 1000 : typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Math.abs(ms) <= 8.64e15 ? isoSeconds(ms) : undefined;
}

/** Returns the name of a bus that is given by name or by ARN; `default` if it is not given. */
export function busNameOf(value: JsonValue | undefined): string {
  if (typeof value !== "string" || value === "") return "default";
  return value.startsWith("arn:") ? value.slice(value.indexOf("/") + 1) : value;
}
