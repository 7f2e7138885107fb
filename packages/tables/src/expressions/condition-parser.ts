/**
 * Condition, filter and key condition expressions.
 *
 *   or      = and ("OR" and)*              comparison = operand ("=" | "<>" | "<" | "<=" | ">" | ">=") operand
 *   and     = not ("AND" not)*             between    = operand "BETWEEN" operand "AND" operand
 *   not     = "NOT" not | primary          in         = operand "IN" "(" operand ("," operand)* ")"
 *   primary = "(" or ")" | comparison | between | in | function
 */
import { type Cursor, createCursor } from "./cursor.ts";
import type { Comparator, Condition, Operand, Parsed } from "./syntax.ts";

const comparators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const operandCounts: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const maxInCandidates = 100;
const maxNesting = 100;

/** @throws {TablesError} `ValidationException` where the text is no expression */
export function parseCondition(kind: string, text: string): Parsed<Condition> {
  const cursor = createCursor(kind, text);
  const tree = parseOr(cursor, 0);
  if (cursor.peek().kind !== "end") throw cursor.syntaxError();
  return cursor.parsed(tree);
}

function parseOr(cursor: Cursor, depth: number): Condition {
  if (depth > maxNesting) throw cursor.fail("The expression has too many nested conditions");
  let left = parseAnd(cursor, depth);
  while (cursor.take("OR")) left = { kind: "or", left, right: parseAnd(cursor, depth) };
  return left;
}

function parseAnd(cursor: Cursor, depth: number): Condition {
  let left = parseNot(cursor, depth);
  while (cursor.take("AND")) left = { kind: "and", left, right: parseNot(cursor, depth) };
  return left;
}

function parseNot(cursor: Cursor, depth: number): Condition {
  let negated = false;
  while (cursor.take("NOT")) negated = !negated;
  const condition = parsePrimary(cursor, depth);
  return negated ? { kind: "not", condition } : condition;
}

function parsePrimary(cursor: Cursor, depth: number): Condition {
  if (cursor.peek().text !== "(" || isParenthesisedOperand(cursor)) return parsePredicate(cursor);
  cursor.expect("(");
  const redundant = cursor.peek().text === "(" && closesTwice(cursor);
  const inner = parseOr(cursor, depth + 1);
  cursor.expect(")");
  if (redundant) throw cursor.fail("The expression has redundant parentheses;");
  return inner;
}

/** "(" may open a condition or an operand, as in `(a) = :v`; what follows its end tells. */
function isParenthesisedOperand(cursor: Cursor): boolean {
  const after = cursor.peek(closing(cursor, 0) + 1);
  return comparators.has(after.text) || ["BETWEEN", "IN"].includes(after.text.toUpperCase());
}

/** Returns whether the "(" that comes next ends right before another ")": then both pairs hold the same. */
function closesTwice(cursor: Cursor): boolean {
  return cursor.peek(closing(cursor, 0) + 1).text === ")";
}

function closing(cursor: Cursor, from: number): number {
  let open = 0;
  for (let ahead = from; cursor.peek(ahead).kind !== "end"; ahead++) {
    const { text } = cursor.peek(ahead);
    if (text === "(") open++;
    if (text === ")" && --open === 0) return ahead;
  }
  return from;
}

function parsePredicate(cursor: Cursor): Condition {
  const operand = cursor.operand();
  if (comparators.has(cursor.peek().text)) return parseComparison(cursor, operand);
  if (cursor.take("BETWEEN")) return parseBetween(cursor, operand);
  if (cursor.take("IN")) return parseIn(cursor, operand);
  if (operand.kind !== "function") throw cursor.syntaxError();
  checkFunction(cursor, operand);
  if (operand.name === "size") throw misused(cursor, operand.name);
  return operand;
}

function parseComparison(cursor: Cursor, left: Operand): Condition {
  const comparator = cursor.next().text as Comparator;
  const right = cursor.operand();
  checkOperands(cursor, [left, right]);
  return { kind: "compare", comparator, left, right };
}

function parseBetween(cursor: Cursor, operand: Operand): Condition {
  const low = cursor.operand();
  cursor.expect("AND");
  const high = cursor.operand();
  checkOperands(cursor, [operand, low, high]);
  return { kind: "between", operand, low, high };
}

function parseIn(cursor: Cursor, operand: Operand): Condition {
  cursor.expect("(");
  const candidates = [cursor.operand()];
  while (cursor.take(",")) candidates.push(cursor.operand());
  cursor.expect(")");
  checkOperands(cursor, [operand, ...candidates]);
  if (candidates.length > maxInCandidates) {
    throw cursor.fail(`The IN operator is provided with too many operands; number of operands: ${candidates.length}`);
  }
  return { kind: "in", operand, candidates };
}

/** Of the functions, only `size` gives a value that can be compared. */
function checkOperands(cursor: Cursor, operands: readonly Operand[]): void {
  for (const operand of operands) {
    if (operand.kind !== "function") continue;
    checkFunction(cursor, operand);
    if (operand.name !== "size") throw misused(cursor, operand.name);
  }
}

function checkFunction(cursor: Cursor, { name, operands }: Operand & { kind: "function" }): void {
  const count = Object.hasOwn(operandCounts, name) ? operandCounts[name] : undefined;
  if (count === undefined) {
    const known = name === "if_not_exists" || name === "list_append";
    throw cursor.fail(
      known ? `The function is not allowed in a condition expression; function: ${name}` : `Invalid function name; function: ${name}`,
    );
  }
  checkOperands(cursor, operands);
  if (operands.length !== count) {
    throw cursor.fail(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  if (name.startsWith("attribute_") && name !== "attribute_type" && operands[0]?.kind !== "path") {
    throw cursor.fail(`Operator or function requires a document path; operator or function: ${name}`);
  }
}

/** A path as DynamoDB's messages print it: `[a, [0], b]`. */
export function printPath(path: readonly (string | number)[]): string {
  return `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;
}

function misused(cursor: Cursor, name: string): Error {
  return cursor.fail(`The function is not allowed to be used this way in an expression; function: ${name}`);
}
