/**
 * Update expressions: each of SET, REMOVE, ADD and DELETE at most once, in any order.
 *
 *   SET path "=" value ("," …)*     value = operand | operand ("+" | "-") operand
 *   REMOVE path ("," path)*         ADD path :value ("," …)*         DELETE path :value ("," …)*
 */
import { type Cursor, createCursor } from "./cursor.ts";
import type { Operand, Parsed, SetValue, UpdateAction } from "./syntax.ts";

const sections = ["SET", "REMOVE", "ADD", "DELETE"] as const;
const operandCounts: Readonly<Record<string, number>> = { if_not_exists: 2, list_append: 2 };
const conditionFunctions: ReadonlySet<string> = new Set([
  "attribute_exists",
  "attribute_not_exists",
  "attribute_type",
  "begins_with",
  "contains",
  "size",
]);

/** @throws {TablesError} `ValidationException` where the text is no update */
export function parseUpdate(text: string): Parsed<readonly UpdateAction[]> {
  const cursor = createCursor("UpdateExpression", text);
  const actions: UpdateAction[] = [];
  const seen = new Set<string>();
  while (cursor.peek().kind !== "end") {
    const section = sections.find((word) => cursor.isKeyword(word));
    if (section === undefined) throw cursor.syntaxError();
    if (seen.has(section)) throw cursor.fail(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    cursor.next();
    do actions.push(readers[section](cursor));
    while (cursor.take(","));
  }
  return cursor.parsed(actions);
}

const readers: Record<(typeof sections)[number], (cursor: Cursor) => UpdateAction> = {
  SET(cursor) {
    const path = cursor.path();
    cursor.expect("=");
    return { kind: "SET", path, value: setValue(cursor) };
  },
  REMOVE: (cursor) => ({ kind: "REMOVE", path: cursor.path() }),
  ADD: (cursor) => ({ kind: "ADD", path: cursor.path(), placeholder: valuePlaceholder(cursor) }),
  DELETE: (cursor) => ({ kind: "DELETE", path: cursor.path(), placeholder: valuePlaceholder(cursor) }),
};

function setValue(cursor: Cursor): SetValue {
  const start = cursor.position();
  if (cursor.take("(") && !isOperandEnd(cursor)) {
    const isWrapped = cursor.peek().text === "(";
    const inner = sum(cursor);
    cursor.expect(")");
    if (isWrapped && inner.kind !== "sum") throw cursor.fail("The expression has redundant parentheses;");
    return inner;
  }
  cursor.rewind(start);
  return sum(cursor);
}

/** After "(": whether its ")" is followed by an operator, so that it closes one operand alone. */
function isOperandEnd(cursor: Cursor): boolean {
  let open = 1;
  for (let ahead = 0; cursor.peek(ahead).kind !== "end"; ahead++) {
    const { text } = cursor.peek(ahead);
    if (text === "(") open++;
    if (text === ")" && --open === 0) return ["+", "-"].includes(cursor.peek(ahead + 1).text);
  }
  return false;
}

function sum(cursor: Cursor): SetValue {
  const left = checked(cursor, cursor.operand());
  const sign = cursor.take("+") ? "+" : cursor.take("-") ? "-" : undefined;
  return sign === undefined ? left : { kind: "sum", sign, left, right: checked(cursor, cursor.operand()) };
}

function checked(cursor: Cursor, operand: Operand): Operand {
  if (operand.kind !== "function") return operand;
  const { name, operands } = operand;
  if (conditionFunctions.has(name)) throw cursor.fail(`The function is not allowed in an update expression; function: ${name}`);
  const count = Object.hasOwn(operandCounts, name) ? operandCounts[name] : undefined;
  if (count === undefined) throw cursor.fail(`Invalid function name; function: ${name}`);
  if (operands.length !== count) {
    throw cursor.fail(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  for (const inner of operands) checked(cursor, inner);
  if (name === "if_not_exists" && operands[0]?.kind !== "path") {
    throw cursor.fail(`Operator or function requires a document path; operator or function: ${name}`);
  }
  return operand;
}

function valuePlaceholder(cursor: Cursor): string {
  if (cursor.peek().kind !== "value") throw cursor.syntaxError();
  cursor.values.add(cursor.peek().text);
  return cursor.next().text;
}
