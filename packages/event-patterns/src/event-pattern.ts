/**
 * Event patterns: `{"source": ["a"], "detail": {"n": [{"numeric": [">", 1]}]}}`, EventBridge's whole language.
 *
 * P1. A pattern is a list of alternatives (one, unless `$or` multiplies them); each asks something of fields named by dotted paths,
 *     and holds when every field does. A field holds when any element of its array holds for any value at that path.
 * P2. `{"a.b": ...}` and `{"a": {"b": ...}}` are the same path, in patterns and in events.
 * P3. Values taken from one array of objects must come from one and the same element (array consistency).
 * P4. `exists` looks at leaf fields alone: an object or an empty array under a path counts as absent.
 * P5. A path that a pattern names twice means its last array.
 */

import { holdsConsistently } from "./array-consistency.ts";
import { EventPatternError } from "./errors.ts";
import type { Event } from "./event.ts";
import type { Alternative, FieldPattern } from "./field-pattern.ts";
import { type Fields, flattenEvent, stepsOf } from "./flatten.ts";
import { holdingIn } from "./holding.ts";
import type { JsonObject } from "./json.ts";
import { TokenError } from "./json-scanner.ts";
import { readTokens, type TokenReader } from "./json-tokens.ts";
import { type Expression, exact, parseExpression } from "./match-expression.ts";
import type { Leaf } from "./value-tests.ts";

/** A parsed pattern, ready to be matched. */
export interface EventPattern {
  readonly alternatives: readonly Alternative[];
  /** The names its paths consist of; an event's other members need not be looked at. */
  readonly steps: ReadonlySet<string>;
}

const mostAlternatives = 1000;
type Draft = Map<string, FieldPattern>;

/**
 * Parses a pattern given as JSON text or as a value.
 * @throws {EventPatternError} `InvalidEventPatternException` in AWS's words
 */
export function parsePattern(pattern: string | JsonObject): EventPattern {
  const text = typeof pattern === "string" ? pattern : JSON.stringify(pattern);
  try {
    const alternatives = parseWhole(readTokens(text)).map((draft) =>
      [...draft.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    );
    return { alternatives, steps: stepsOf(alternatives.flatMap((fields) => fields.map(({ path }) => path))) };
  } catch (error) {
    if (!(error instanceof TokenError) && !(error instanceof RangeError)) throw error;
    throw new EventPatternError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${error.message}`, { cause: error });
  }
}

/** Whether an event, an envelope as it stands on the wire, meets the pattern. */
export function matchesPattern(pattern: EventPattern, event: Event): boolean {
  return matchesFields(pattern, flattenEvent(event, pattern.steps));
}

/** The same over an event already flattened with at least this pattern's steps. */
export function matchesFields(pattern: EventPattern, fields: Fields): boolean {
  const holdingOf = holdingIn(fields, pattern.alternatives.length > 1);
  return pattern.alternatives.some((alternative) => holdsConsistently(alternative, fields, holdingOf));
}

function parseWhole(reader: TokenReader): Draft[] {
  if (reader.next() !== "{") reader.fail("Filter is not an object");
  const drafts = parseObject(reader, [], "", false);
  if (reader.next() !== "end") reader.fail("Filter is followed by more than white space");
  return drafts;
}

function parseObject(reader: TokenReader, before: Draft[], parent: string, isInOr: boolean): Draft[] {
  let drafts = before;
  let isEmpty = true;
  while (reader.next() !== "}") {
    isEmpty = false;
    const name = reader.name();
    if (name === "$or") {
      drafts = parseOr(reader, drafts, parent);
      continue;
    }
    if (isInOr && reserved.has(name)) reader.fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    const path = parent === "" ? name : `${parent}.${name}`;
    const token = reader.next();
    if (token === "{") drafts = parseObject(reader, drafts, path, isInOr);
    else if (token === "[") drafts = withField(drafts, parseField(reader, path));
    else reader.fail(`"${name}" must be an object or an array`);
  }
  if (isEmpty) reader.fail("Empty objects are not allowed");
  return drafts;
}

function withField(drafts: Draft[], field: FieldPattern): Draft[] {
  return (drafts.length === 0 ? [new Map()] : drafts).map((draft: Draft) => new Map(draft).set(field.path, field));
}

function parseOr(reader: TokenReader, before: Draft[], parent: string): Draft[] {
  if (reader.next() !== "[") reader.fail("It must be an Array followed with $or.");
  const drafts: Draft[] = [];
  let count = 0;
  for (let token = reader.next(); token !== "]"; token = reader.next()) {
    count++;
    if (token !== "{") reader.fail("Only JSON object is allowed in array of $or relationship.");
    drafts.push(...parseObject(reader, before, parent, true));
    if (drafts.length > mostAlternatives) reader.fail(`Rule is too complex: $or leads to more than ${mostAlternatives} combinations`);
  }
  if (count < 2) reader.fail("There must have at least 2 Objects in $or relationship.");
  return drafts;
}

function parseField(reader: TokenReader, path: string): FieldPattern {
  const expressions: Expression[] = [];
  for (let token = reader.next(); token !== "]"; token = reader.next()) {
    if (token === "{") expressions.push(parseExpression(reader));
    else if (token === "string") expressions.push(exact(reader.text()));
    else if (token === "[" || token === "name" || token === "}" || token === "end") {
      reader.fail("Match value must be String, number, true, false, or null");
    } else expressions.push(exact(JSON.parse(reader.text()) as Leaf));
  }
  if (expressions.length === 0) reader.fail("Empty arrays are not allowed");
  const keys = expressions.flatMap((one) => (one.kind === "test" && one.key !== undefined ? [one.key] : []));
  return { path, expressions, keys: keys.length === expressions.length ? keys : undefined };
}

/** Names that event-ruler keeps for itself inside `$or`. */
const reserved = new Set(
  (
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard " +
    "not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range ip-address-not-in-range"
  ).split(" "),
);
