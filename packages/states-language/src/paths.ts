/** JSONPaths and intrinsic functions as they stand in a state's fields: text in, closure out. */
import type { JsonValue } from "@serverlesspresso/ports";
import { guarded } from "./budget.ts";
import { runtimeFailure } from "./errors.ts";
import { type Expression, type Frame, isObject, member } from "./frame.ts";
import { compileIntrinsic } from "./intrinsic-parser.ts";
import { compileParsedPath, type JsonPath } from "./json-path.ts";
import { parsePath, type Segment } from "./json-path-parser.ts";

/** A path in a state: knows which document it is asked of. */
export interface StatePath {
  readonly text: string;
  readonly path: JsonPath;
  /** `undefined` where nothing is found. */
  read(frame: Frame): JsonValue | undefined;
  /** What the path was asked of, for messages. */
  subject(frame: Frame): JsonValue | undefined;
}

/** @throws {PathSyntaxError} */
export function compileStatePath(text: string): StatePath {
  const path = compileParsedPath(parsePath(text));
  const subject = subjectOf(path);
  return {
    text,
    path,
    subject,
    read(frame) {
      const document = subject(frame);
      return document === undefined ? undefined : guarded(() => path.select(document, frame.budget));
    },
  };
}

function subjectOf({ path: { root } }: JsonPath): (frame: Frame) => JsonValue | undefined {
  if (root === "$$") return (frame) => frame.context();
  if (typeof root === "object") return (frame) => frame.variable(root.variable);
  return (frame) => frame.input;
}

/** True where the text of a `...Path` or `.$` field is a call of an intrinsic function. */
export function isIntrinsic(text: string): boolean {
  return text.startsWith("States.");
}

/** A path or intrinsic function whose value must be there; `field` names it in the failure. */
export function compileValue(text: string, field: string): Expression {
  if (isIntrinsic(text)) return compileIntrinsic(text);
  const path = compileStatePath(text);
  return (frame) => {
    const value = path.read(frame);
    if (value !== undefined) return value;
    throw runtimeFailure(
      `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(path.subject(frame))}'`,
    );
  };
}

/** InputPath and OutputPath: missing is worded differently, `null` gives an empty object. */
export function compileSelection(text: string | null | undefined): Expression {
  if (text === undefined || text === "$") return (frame) => frame.input;
  if (text === null) return () => ({});
  if (isIntrinsic(text)) return compileIntrinsic(text);
  const path = compileStatePath(text);
  return (frame) => {
    const value = path.read(frame);
    if (value !== undefined) return value;
    throw runtimeFailure(`Invalid path '${text}' : ${whyNothing(path, path.subject(frame))}`);
  };
}

/** Why a path found nothing, as Jayway words it: the last step failed, or one before. */
function whyNothing({ text, path: { path } }: StatePath, subject: JsonValue | undefined): string {
  let value = subject;
  for (const [i, segment] of path.segments.slice(0, -1).entries()) {
    if (segment.kind !== "member" || segment.names.length !== 1) break;
    value = isObject(value) ? member(value, segment.names[0] as string) : undefined;
    if (value === undefined) return `Missing property in path ${canonical(path.segments.slice(0, i + 1), text)}`;
  }
  return `No results for path: ${canonical(path.segments, text)}`;
}

/** A path as Jayway prints it: `$['a'][0]`. */
function canonical(segments: readonly Segment[], text: string): string {
  let printed = "$";
  for (const segment of segments) {
    if (segment.kind === "member") printed += `[${segment.names.map((name) => `'${name}'`).join(",")}]`;
    else if (segment.kind === "index") printed += `[${segment.indexes.join(",")}]`;
    else return text;
  }
  return printed;
}
