/** Refuses operands that could never fit, as DynamoDB does before it reads the item. */
import { type AttributeType, type AttributeValue, compareValues, contentOf, typeOf } from "../attribute-value.ts";
import { invalid } from "../errors.ts";
import { printPath } from "./condition-parser.ts";
import { type Placeholders, resolvePath } from "./placeholders.ts";
import type { Condition, Operand } from "./syntax.ts";

const scalars: readonly AttributeType[] = ["S", "N", "B"];
const sized: readonly AttributeType[] = ["S", "B", "SS", "NS", "BS", "M", "L"];
const anyType = "{SS,NULL,INTSET,BOOL,DECIMALSET,S,BS,HD,DOUBLESET,FS,N,M,B,L,DOUBLE,INT,DECIMAL,FLOAT,NS,HDS,DICT}";
const validTypes = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];

/** Checks the operands of one expression of a request. */
export interface OperandChecks {
  /** The operand's value where the request gives it. */
  given(operand: Operand | undefined): AttributeValue | undefined;
  /** @throws {TablesError} `ValidationException` where a type known already is not one of these */
  type(operand: Operand, allowed: readonly AttributeType[], name: string): void;
  /** @throws {TablesError} `ValidationException` where the first operand is a path that comes again */
  distinct(operator: string, operands: readonly Operand[]): void;
  fail(message: string): Error;
}

/** @param kind the parameter's name, for messages */
export function operandChecks(kind: string, placeholders: Placeholders): OperandChecks {
  const fail = (message: string): Error => invalid(`Invalid ${kind}: ${message}`);
  const given = (operand: Operand | undefined): AttributeValue | undefined =>
    operand?.kind === "value" ? placeholders.values[operand.placeholder] : undefined;
  const knownType = (operand: Operand): AttributeType | undefined => {
    const value = given(operand);
    if (value !== undefined) return typeOf(value);
    return operand.kind === "function" && operand.name === "size" ? "N" : undefined;
  };
  return {
    fail,
    given,
    type(operand, allowed, name) {
      const type = knownType(operand);
      if (type === undefined || allowed.includes(type)) return;
      throw fail(`Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`);
    },
    distinct(operator, [first, ...others]) {
      if (first?.kind !== "path") return;
      const printed = printPath(resolvePath(first.path, placeholders));
      if (!others.some((other) => other.kind === "path" && printPath(resolvePath(other.path, placeholders)) === printed)) return;
      throw fail(
        `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${printed}`,
      );
    },
  };
}

/** @throws {TablesError} `ValidationException` */
export function checkCondition(kind: string, condition: Condition, placeholders: Placeholders): void {
  const checks = operandChecks(kind, placeholders);
  const visit = (node: Condition): void => {
    switch (node.kind) {
      case "or":
      case "and":
        visit(node.left);
        visit(node.right);
        return;
      case "not":
        visit(node.condition);
        return;
      case "function":
        checkFunction(node, checks);
        return;
      default:
        checkPredicate(node, checks);
    }
  };
  visit(condition);
}

function checkPredicate(node: Condition & { kind: "compare" | "between" | "in" }, checks: OperandChecks): void {
  switch (node.kind) {
    case "compare": {
      const operands = [node.left, node.right];
      checkSizes(operands, checks);
      checks.distinct(node.comparator, operands);
      if (node.comparator === "=" || node.comparator === "<>") return;
      for (const operand of operands) checks.type(operand, scalars, node.comparator);
      return;
    }
    case "between": {
      const operands = [node.operand, node.low, node.high];
      checkSizes(operands, checks);
      for (const operand of operands) checks.type(operand, scalars, "BETWEEN");
      checks.distinct("BETWEEN", operands);
      checkBounds(node.low, node.high, checks);
      return;
    }
    case "in":
      checkSizes([node.operand, ...node.candidates], checks);
      checks.distinct("IN", [node.operand, ...node.candidates]);
  }
}

function checkSizes(operands: readonly Operand[], checks: OperandChecks): void {
  for (const operand of operands) if (operand.kind === "function") checkFunction(operand, checks);
}

function checkFunction({ name, operands }: Operand & { kind: "function" }, checks: OperandChecks): void {
  checkSizes(operands, checks);
  checks.distinct(name, operands);
  if (name === "size") checks.type(operands[0] as Operand, sized, name);
  if (name === "begins_with") for (const operand of operands) checks.type(operand, ["S", "B"], name);
  if (name === "attribute_type") checkTypeName(operands[1] as Operand, checks);
}

function checkTypeName(operand: Operand, checks: OperandChecks): void {
  checks.type(operand, ["S"], "attribute_type");
  const type = checks.given(operand);
  if (type === undefined) {
    throw checks.fail(`Incorrect operand type for operator or function; operator or function: attribute_type, operand type: ${anyType}`);
  }
  if (validTypes.includes(contentOf(type) as string)) return;
  throw checks.fail(`Invalid attribute type name found; type: ${String(contentOf(type))}, valid types: {${validTypes.join(",")}}`);
}

function checkBounds(lowOperand: Operand, highOperand: Operand, checks: OperandChecks): void {
  const [low, high] = [checks.given(lowOperand), checks.given(highOperand)];
  if (low === undefined || high === undefined) return;
  const bounds = `lower bound operand: ${print(low)}, upper bound operand: ${print(high)}`;
  if (typeOf(low) !== typeOf(high)) {
    throw checks.fail(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if ((compareValues(low, high) ?? 0) > 0) {
    throw checks.fail(`The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`);
  }
}

function print(value: AttributeValue): string {
  return `AttributeValue: {${typeOf(value)}:${String(contentOf(value))}}`;
}
