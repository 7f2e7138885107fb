/** Compiles the JSONPaths and intrinsic functions in a state's fields to closures. */
import type { JsonValue } from "@serverlesspresso/ports";
import { guarded } from "./budget.ts";
import { runtimeFailure } from "./errors.ts";
import { type Expression, type Frame, isObject, member } from "./frame.ts";
import { compileIntrinsic } from "./intrinsic-parser.ts";
import { compileParsedPath, type JsonPath } from "./json-path.ts";
import { parsePath, type Segment } from "./json-path-parser.ts";

/** A path in a state, with the document that it reads. */
export interface StatePath {
  readonly text: string;
  readonly path: JsonPath;
  /** Returns the value; `undefined` if nothing is found. */
  read(frame: Frame): JsonValue | undefined;
  /** Returns the document that the path reads, for messages. */
  subject(frame: Frame): JsonValue | undefined;
}

/** Compiles a path. @throws {PathSyntaxError} if the text is not a path */
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

/** Returns true if the text of a `...Path` or `.$` field is a call of an intrinsic function. */
export function isIntrinsic(text: string): boolean {
  return text.startsWith("States.");
}

/** Compiles a path or intrinsic function that must find a value; the failure names `field`. */
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

/** Compiles InputPath or OutputPath: its failure has other words, and `null` gives an empty object. */
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

/** Returns why a path found nothing, in the words of Jayway: the last step failed, or one before. */
function whyNothing({ text, path: { path } }: StatePath, subject: JsonValue | undefined): string {
  let value = subject;
  for (const [i, segment] of path.segments.slice(0, -1).entries()) {
    if (segment.kind !== "member" || segment.names.length !== 1) break;
    value = isObject(value) ? member(value, segment.names[0] as string) : undefined;
    if (value === undefined) return `Missing property in path ${canonical(path.segments.slice(0, i + 1), text)}`;
  }
  return `No results for path: ${canonical(path.segments, text)}`;
}

/** Returns a path as Jayway prints it: `$['a'][0]`. */
function canonical(segments: readonly Segment[], text: string): string {
  let printed = "$";
  for (const segment of segments) {
    if (segment.kind === "member") printed += `[${segment.names.map((name) => `'${name}'`).join(",")}]`;
    else if (segment.kind === "index") printed += `[${segment.indexes.join(",")}]`;
    else return text;
  }
  return printed;
}
