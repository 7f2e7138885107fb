/**
 * Parses one match expression, the object in `"field": [{"prefix": "a"}]`, from behind its opening brace.
 * Errors are in event-ruler's words, which AWS passes on.
 */
import { compileCidr } from "./cidr.ts";
import { TokenError } from "./json-scanner.ts";
import type { TokenKind, TokenReader } from "./json-tokens.ts";
import { exactKey, type LookupKey } from "./lookup-key.ts";
import {
  anythingBut,
  type Bound,
  equalsIgnoreCase,
  exactly,
  fold,
  type Leaf,
  prefix,
  prefixIgnoreCase,
  suffix,
  suffixIgnoreCase,
  textTest,
  type ValueTest,
  wildcard,
  within,
} from "./value-tests.ts";

/** `absent` stands for `{"exists": false}`, the one expression that no value can meet. `key` finds the values that meet a test; not every test has one. */
export type Expression = { readonly kind: "test"; readonly test: ValueTest; readonly key?: LookupKey } | { readonly kind: "absent" };

const oneKey = "Only one key allowed in match expression";
const tooMany = "Too many elements in numeric expression";

const operators: Readonly<Record<string, (reader: TokenReader) => Expression>> = {
  exactly(reader) {
    const text = requireText(reader, reader.next(), "exact match pattern must be a string");
    requireEnd(reader, oneKey);
    return exact(text);
  },
  prefix(reader) {
    const token = reader.next();
    if (token === "{") return tested(prefixIgnoreCase(nestedIgnoreCase(reader, "Prefix", "prefix")));
    const text = requireText(reader, token, "prefix match pattern must be a string");
    requireEnd(reader, oneKey);
    return tested(prefix(text), { kind: "prefix", value: text });
  },
  suffix(reader) {
    const token = reader.next();
    if (token === "{") return tested(suffixIgnoreCase(nestedIgnoreCase(reader, "Suffix", "suffix")));
    const text = requireText(reader, token, "suffix match pattern must be a string");
    requireEnd(reader, oneKey);
    return tested(suffix(text), { kind: "suffix", value: text });
  },
  numeric(reader) {
    if (reader.next() !== "[") reader.fail("Value of numeric must be an array.");
    const test = parseNumeric(reader);
    requireEnd(reader, tooMany);
    return tested(test);
  },
  "anything-but": (reader) => tested(parseAnythingBut(reader)),
  exists(reader) {
    const token = reader.next();
    if (token !== "true" && token !== "false") reader.fail("exists match pattern must be either true or false.");
    requireEnd(reader, oneKey);
    return token === "true" ? tested(() => true) : { kind: "absent" };
  },
  cidr(reader) {
    const text = requireText(reader, reader.next(), "prefix match pattern must be a string");
    const holds = compileCidr(text);
    requireEnd(reader, oneKey);
    return tested(textTest(holds));
  },
  "equals-ignore-case"(reader) {
    const text = requireText(reader, reader.next(), "equals-ignore-case match pattern must be a string");
    requireEnd(reader, oneKey);
    return tested(equalsIgnoreCase(text), { kind: "folded", value: fold(text) });
  },
  wildcard(reader) {
    const text = requireText(reader, reader.next(), "wildcard match pattern must be a string");
    const test = compiled(reader, () => wildcard(text));
    requireEnd(reader, oneKey);
    return tested(test);
  },
};

/** Parses up to the closing brace. Throws `TokenError` for what event-ruler refuses. */
export function parseExpression(reader: TokenReader): Expression {
  if (reader.next() !== "name") reader.fail("Match expression name not found");
  const name = reader.name();
  const parse = Object.hasOwn(operators, name) ? operators[name] : undefined;
  return parse === undefined ? reader.fail(`Unrecognized match type ${name}`) : parse(reader);
}

function tested(test: ValueTest, key?: LookupKey): Expression {
  return { kind: "test", test, ...(key && { key }) };
}

/** Holds for this value alone. */
export function exact(value: Leaf): Expression {
  return tested(exactly(value), exactKey(value));
}

function requireText(reader: TokenReader, token: TokenKind, message: string): string {
  return token === "string" ? reader.text() : reader.fail(message);
}

function requireEnd(reader: TokenReader, message: string): void {
  if (reader.next() !== "}") reader.fail(message);
}

function compiled(reader: TokenReader, compile: () => ValueTest): ValueTest {
  try {
    return compile();
  } catch (error) {
    return reader.fail((error as Error).message);
  }
}

function nestedIgnoreCase(reader: TokenReader, Name: string, name: string): string {
  if (reader.next() !== "name") reader.fail(`${Name} expression name not found`);
  if (reader.name() !== "equals-ignore-case") reader.fail(`Unsupported ${name} pattern: ${reader.name()}`);
  const text = requireText(reader, reader.next(), "equals-ignore-case match pattern must be a string");
  requireEnd(reader, oneKey);
  requireEnd(reader, oneKey);
  return text;
}

interface Nested {
  readonly make: (text: string) => ValueTest;
  readonly mayBeEmpty: boolean;
  readonly wrongType: string;
}

const affix = "prefix/suffix match pattern must be a string";
const nestedOperators: Readonly<Record<string, Nested>> = {
  prefix: { make: prefix, mayBeEmpty: false, wrongType: affix },
  suffix: { make: suffix, mayBeEmpty: false, wrongType: affix },
  wildcard: { make: wildcard, mayBeEmpty: true, wrongType: "wildcard match pattern must be a string" },
  "equals-ignore-case": {
    make: equalsIgnoreCase,
    mayBeEmpty: true,
    wrongType: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
  },
};

function parseAnythingBut(reader: TokenReader): ValueTest {
  let token = reader.next();
  let nested: Nested | undefined;
  if (token === "{") {
    if (reader.next() !== "name") reader.fail("Anything-But expression name not found");
    const name = reader.name();
    nested = Object.hasOwn(nestedOperators, name) ? nestedOperators[name] : undefined;
    if (nested === undefined) reader.fail(`Unsupported anything-but pattern: ${name}`);
    token = reader.next();
  }
  if (token !== "[" && token !== "string" && token !== "number") {
    reader.fail("Value of anything-but must be an array or single string/number value.");
  }
  const tests = nested === undefined ? plainValues(reader, token) : nestedValues(reader, token, nested);
  requireEnd(reader, tooMany);
  if (nested !== undefined) requireEnd(reader, tooMany);
  return anythingBut(tests);
}

function plainValues(reader: TokenReader, first: TokenKind): ValueTest[] {
  if (first === "string") return [exactText(reader)];
  if (first === "number") return [exactNumber(reader)];
  const kinds = new Set<TokenKind>();
  const tests = listed(reader, (token) => {
    kinds.add(token);
    if (token === "string") return exactText(reader);
    return token === "number" ? exactNumber(reader) : reader.fail("Inside anything but list, start|null|boolean is not supported.");
  });
  if (kinds.size !== 1) reader.fail("Inside anything but list, either all values are number or string, mixed type is not supported");
  return tests;
}

function nestedValues(reader: TokenReader, first: TokenKind, { make, mayBeEmpty, wrongType }: Nested): ValueTest[] {
  const read = (token: TokenKind): string => {
    const text = requireText(reader, token, wrongType);
    return text === "" && !mayBeEmpty ? reader.fail("Null prefix/suffix not allowed") : text;
  };
  const texts = first === "[" ? listed(reader, read) : [read(first)];
  return texts.map((text) => compiled(reader, () => make(text)) as ValueTest);
}

/** Reads up to the closing bracket. A refusal inside names the place twice, as AWS's does. */
function listed<T>(reader: TokenReader, read: (token: TokenKind) => T): T[] {
  const values: T[] = [];
  try {
    for (let token = reader.next(); token !== "]"; token = reader.next()) values.push(read(token));
  } catch (error) {
    if (error instanceof TokenError) reader.fail(error.message);
    throw error;
  }
  return values;
}

function exactText(reader: TokenReader): ValueTest {
  const text = reader.text();
  return (value) => value === text;
}

function exactNumber(reader: TokenReader): ValueTest {
  const number = readNumber(reader);
  return (value) => value === number;
}

/** A number that a double can hold: neither too large nor, other than zero itself, too small. */
function readNumber(reader: TokenReader): number {
  const text = reader.text();
  const value = Number(text);
  const hasDigits = /[1-9]/.test(text.split(/[eE]/)[0] as string);
  if (!Number.isFinite(value) || (value === 0 && hasDigits)) reader.fail(`Value ${text} is out of the range of numbers`);
  return value;
}

function parseNumeric(reader: TokenReader): ValueTest {
  if (reader.next() !== "string") reader.fail(`Invalid member in numeric match: ${reader.text()}`);
  const operator = reader.text();
  if (!["=", "<", "<=", ">", ">="].includes(operator)) reader.fail(`Unrecognized numeric range operator: ${operator}`);
  const value = requireNumber(reader, `Value of ${operator === "=" ? "equals" : operator} must be numeric`);
  const bound: Bound = { value, isOpen: operator === "<" || operator === ">" };
  const token = reader.next();
  if (operator.startsWith(">")) return token === "]" ? within(bound, undefined) : parseUpper(reader, token, bound);
  if (token !== "]") reader.fail(tooMany);
  return operator === "=" ? within(bound, bound) : within(undefined, bound);
}

function requireNumber(reader: TokenReader, message: string): number {
  return reader.next() === "number" ? readNumber(reader) : reader.fail(message);
}

function parseUpper(reader: TokenReader, token: TokenKind, low: Bound): ValueTest {
  if (token !== "string") reader.fail(`Bad value in numeric range: ${reader.text()}`);
  const operator = reader.text();
  if (operator !== "<" && operator !== "<=") reader.fail(`Bad numeric range operator: ${operator}`);
  const value = requireNumber(reader, `Value of ${operator} must be numeric`);
  if (reader.next() !== "]") reader.fail("Too many terms in numeric range expression");
  if (low.value >= value) reader.fail("Bottom must be less than top");
  return within(low, { value, isOpen: operator === "<" });
}
