/**
 * Evaluates a JSONPath over JSON.
 *
 * JP1. A definite path (names, indexes) returns the value it points at, or `undefined`; any other path returns an array of all it finds.
 * JP2. A member missing before the path becomes indefinite is not found, even if a wildcard follows.
 * JP3. An evaluation throws when its budget is used up, or when it scans more than `deepestScan` levels.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { type Budget, newBudget, PathLimitError, spend, spendMembers } from "./budget.ts";
import { isObject, member, setMember } from "./frame.ts";
import { compare } from "./json-path-compare.ts";
import { callPathFunction } from "./json-path-functions.ts";
import { type Filter, type Operand, type Path, parsePath, type Segment } from "./json-path-parser.ts";

/** A compiled path. */
export interface JsonPath {
  readonly path: Path;
  readonly definite: boolean;
  /** Returns the value or values; `undefined` if nothing is found (JP1). */
  select(document: JsonValue, budget?: Budget): JsonValue | undefined;
}

const deepestScan = 500;
const missing = Symbol("missing");

/** Compiles a path. @throws {PathSyntaxError} if the text is not a path */
export function compilePath(text: string): JsonPath {
  return compileParsedPath(parsePath(text));
}

/** Compiles a parsed path. */
export function compileParsedPath(path: Path): JsonPath {
  const definite = isDefinite(path);
  const names = simpleNames(path);
  return {
    path,
    definite,
    select: names ? (document) => follow(document, names) : (document, budget = newBudget()) => select(path, definite, document, budget),
  };
}

/** Evaluates the common case, `$.a.b`, without intermediate lists. */
function simpleNames(path: Path): readonly string[] | undefined {
  const names: string[] = [];
  for (const segment of path.segments) {
    if (segment.kind !== "member" || segment.names.length !== 1) return undefined;
    names.push(segment.names[0] as string);
  }
  return names;
}

function follow(document: JsonValue, names: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const name of names) {
    if (!isObject(value)) return undefined;
    value = member(value, name);
  }
  return value;
}

function isDefinite({ segments }: Path): boolean {
  return segments.every((segment, i) => isDefiniteSegment(segment, i === segments.length - 1));
}

function isDefiniteSegment(segment: Segment, isLast: boolean): boolean {
  if (segment.kind === "member") return segment.names.length === 1 || isLast;
  return (segment.kind === "index" && segment.indexes.length === 1) || segment.kind === "function";
}

function select(path: Path, definite: boolean, document: JsonValue, budget: Budget): JsonValue | undefined {
  const call = path.segments.findIndex(({ kind }) => kind === "function");
  if (call >= 0) return selectCall(path, call, document, budget);
  const found = walk(path.segments, document, document, budget);
  if (found === missing) return undefined;
  return definite ? found[0] : found;
}

function selectCall(path: Path, call: number, document: JsonValue, budget: Budget): JsonValue | undefined {
  const before: Path = { root: path.root, segments: path.segments.slice(0, call) };
  const subject = select(before, isDefinite(before), document, budget);
  const { name, parameters } = path.segments[call] as Segment & { kind: "function" };
  const values = parameters.map((operand) => operandValue(operand, document, document, budget));
  const result = subject === undefined ? undefined : callPathFunction(name, subject, values, budget);
  const after = path.segments.slice(call + 1);
  if (after.length === 0 || result === undefined) return result;
  return select({ root: "$", segments: after }, isDefinite({ root: "$", segments: after }), result, budget);
}

function walk(segments: readonly Segment[], start: JsonValue, document: JsonValue, budget: Budget): JsonValue[] | typeof missing {
  let values: JsonValue[] = [start];
  let definite = true;
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i] as Segment;
    if (definite && !fits(segment, values[0] as JsonValue)) return missing;
    const next: JsonValue[] = [];
    for (const value of values) step(segment, value, i === segments.length - 1, document, next, budget);
    definite &&= isDefiniteSegment(segment, i === segments.length - 1);
    if (definite && next.length === 0) return missing;
    values = next;
  }
  return values;
}

/** Applies an index or slice to an array. On any other value a definite path finds nothing. */
function fits(segment: Segment, value: JsonValue): boolean {
  return segment.kind === "slice" || segment.kind === "index" ? Array.isArray(value) : true;
}

function step(segment: Segment, value: JsonValue, isLast: boolean, document: JsonValue, out: JsonValue[], budget: Budget): void {
  spend(budget);
  if (segment.kind === "member") stepMember(segment.names, value, isLast, out, budget);
  else if (segment.kind === "index") stepIndex(segment.indexes, value, out, budget);
  else if (segment.kind === "slice") stepSlice(segment, value, out, budget);
  else if (segment.kind === "wildcard") stepWildcard(value, out, budget);
  else if (segment.kind === "scan") scan(value, 0, out, budget);
  else if (segment.kind === "filter") stepFilter(segment.test, value, document, out, budget);
}

function stepMember(names: readonly string[], value: JsonValue, isLast: boolean, out: JsonValue[], budget: Budget): void {
  if (!isObject(value)) return;
  spend(budget, names.length - 1);
  if (names.length === 1 || !isLast) {
    for (const name of names) {
      const found = member(value, name);
      if (found !== undefined) out.push(found);
    }
    return;
  }
  // Several names at the end give one object with those members.
  const merged: { [key: string]: JsonValue } = {};
  for (const name of names) {
    const found = member(value, name);
    if (found !== undefined) setMember(merged, name, found);
  }
  out.push(merged);
}

function stepIndex(indexes: readonly number[], value: JsonValue, out: JsonValue[], budget: Budget): void {
  if (!Array.isArray(value)) return;
  spend(budget, indexes.length - 1);
  for (const index of indexes) {
    const found = value.at(index) as JsonValue | undefined;
    if (found !== undefined) out.push(found);
  }
}

function stepSlice({ from, to, step: by }: Segment & { kind: "slice" }, value: JsonValue, out: JsonValue[], budget: Budget): void {
  if (!Array.isArray(value)) return;
  const place = (at: number): number => Math.min(Math.max(at < 0 ? at + value.length : at, 0), value.length);
  const [start, end] = [place(from ?? 0), place(to ?? value.length)];
  if (by < 0) return;
  spend(budget, Math.max(0, end - start));
  for (let i = start; i < end; i += by) out.push(value[i] as JsonValue);
}

function stepWildcard(value: JsonValue, out: JsonValue[], budget: Budget): void {
  const values = Array.isArray(value) ? (value as readonly JsonValue[]) : isObject(value) ? Object.values(value) : [];
  if (Array.isArray(value)) spend(budget, values.length);
  else spendMembers(budget, values.length);
  for (const each of values) out.push(each);
}

/** The value and every value within it, outermost first. */
function scan(value: JsonValue, depth: number, out: JsonValue[], budget: Budget): void {
  if (depth > deepestScan) throw new PathLimitError("the document is nested too deeply for '..'");
  if (typeof value !== "object" || value === null) return;
  spend(budget);
  out.push(value);
  const values = Array.isArray(value) ? (value as readonly JsonValue[]) : Object.values(value);
  if (Array.isArray(value)) spend(budget, values.length);
  else spendMembers(budget, values.length);
  for (const each of values) scan(each, depth + 1, out, budget);
}

function stepFilter(test: Filter, value: JsonValue, document: JsonValue, out: JsonValue[], budget: Budget): void {
  if (Array.isArray(value)) {
    for (const each of value as readonly JsonValue[]) if (holds(test, each, document, budget)) out.push(each);
  } else if (isObject(value) && holds(test, value, document, budget)) out.push(value);
}

function holds(test: Filter, element: JsonValue, document: JsonValue, budget: Budget): boolean {
  spend(budget);
  switch (test.kind) {
    case "or":
      return holds(test.left, element, document, budget) || holds(test.right, element, document, budget);
    case "and":
      return holds(test.left, element, document, budget) && holds(test.right, element, document, budget);
    case "not":
      return !holds(test.test, element, document, budget);
    case "exists":
      return operandValue({ kind: "path", path: test.path }, element, document, budget) !== undefined;
    case "compare":
      return compare(
        test.operator,
        operandValue(test.left, element, document, budget),
        operandValue(test.right, element, document, budget),
        budget,
      );
  }
}

function operandValue(operand: Operand, element: JsonValue, document: JsonValue, budget: Budget): JsonValue | undefined {
  if (operand.kind === "literal") return operand.value;
  spend(budget, operand.path.segments.length);
  return select(operand.path, isDefinite(operand.path), operand.path.root === "@" ? element : document, budget);
}
