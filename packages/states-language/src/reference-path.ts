/** Reference paths: the definite paths at which ResultPath puts a result. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { isObject, member, withMember } from "./frame.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import { PathSyntaxError } from "./json-path-parser.ts";

/** One step of a reference path: the name of a member or the index of an element. */
export type Step = string | number;

/** Returns the steps of a reference path. @throws {PathSyntaxError} if the text is not a reference path */
export function parseReferencePath(text: string): readonly Step[] {
  return stepsOf(compilePath(text), text);
}

function stepsOf({ path }: JsonPath, text: string): readonly Step[] {
  return path.segments.map((segment) => {
    if (segment.kind === "member" && segment.names.length === 1) return segment.names[0] as string;
    if (segment.kind === "index" && segment.indexes.length === 1) return segment.indexes[0] as number;
    throw new PathSyntaxError(`'${text}' is not a reference path`);
  });
}

/** Returns `document` with `value` at `steps`; unchanged parts are shared. Undefined if the path does not fit the document. */
export function place(document: JsonValue, steps: readonly Step[], value: JsonValue, at = 0): JsonValue | undefined {
  const step = steps[at];
  if (step === undefined) return value;
  return typeof step === "number" ? placeInArray(document, steps, step, value, at) : placeInObject(document, steps, step, value, at);
}

function placeInArray(document: JsonValue, steps: readonly Step[], step: number, value: JsonValue, at: number): JsonValue | undefined {
  if (!Array.isArray(document) || step < 0 || step > document.length) return undefined;
  const placed = place((document[step] as JsonValue | undefined) ?? {}, steps, value, at + 1);
  return placed === undefined ? undefined : (document as readonly JsonValue[]).toSpliced(step, 1, placed);
}

function placeInObject(document: JsonValue, steps: readonly Step[], step: string, value: JsonValue, at: number): JsonValue | undefined {
  if (!isObject(document)) return undefined;
  const inner = at + 1 === steps.length ? null : (member(document, step) ?? {});
  const placed = place(inner, steps, value, at + 1);
  return placed === undefined ? undefined : (withMember(document, step, placed) as JsonObject);
}
