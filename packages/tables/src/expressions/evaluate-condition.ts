/** Whether an item meets a condition. An operand that is not there makes every comparison false, except `<>`. */
import { type AttributeMap, type AttributeValue, compareValues, contentOf, sameValue, typeOf } from "../attribute-value.ts";
import { binaryBytes } from "../item-size.ts";
import { type Placeholders, resolvePath, valueAt } from "./placeholders.ts";
import type { Comparator, Condition, Operand } from "./syntax.ts";

/** @param item the stored item; empty for a missing item */
export function holds(condition: Condition, item: AttributeMap, placeholders: Placeholders): boolean {
  const resolve = (operand: Operand): AttributeValue | undefined => operandValue(operand, item, placeholders);
  switch (condition.kind) {
    case "or":
      return holds(condition.left, item, placeholders) || holds(condition.right, item, placeholders);
    case "and":
      return holds(condition.left, item, placeholders) && holds(condition.right, item, placeholders);
    case "not":
      return !holds(condition.condition, item, placeholders);
    case "compare":
      return comparisons[condition.comparator](resolve(condition.left), resolve(condition.right));
    case "between": {
      const value = resolve(condition.operand);
      return comparisons[">="](value, resolve(condition.low)) && comparisons["<="](value, resolve(condition.high));
    }
    case "in": {
      const value = resolve(condition.operand);
      return condition.candidates.some((candidate) => comparisons["="](value, resolve(candidate)));
    }
    case "function":
      return predicates[condition.name as keyof typeof predicates](...(condition.operands.map(resolve) as [never, never]));
  }
}

type Maybe = AttributeValue | undefined;

const comparisons: Record<Comparator, (a: Maybe, b: Maybe) => boolean> = {
  "=": (a, b) => a !== undefined && b !== undefined && sameValue(a, b),
  "<>": (a, b) => a === undefined || b === undefined || !sameValue(a, b),
  "<": (a, b) => ordered(a, b, (order) => order < 0),
  "<=": (a, b) => ordered(a, b, (order) => order <= 0),
  ">": (a, b) => ordered(a, b, (order) => order > 0),
  ">=": (a, b) => ordered(a, b, (order) => order >= 0),
};

function ordered(a: Maybe, b: Maybe, test: (order: number) => boolean): boolean {
  const order = a === undefined || b === undefined ? undefined : compareValues(a, b);
  return order !== undefined && test(order);
}

const predicates = {
  attribute_exists: (value: Maybe) => value !== undefined,
  attribute_not_exists: (value: Maybe) => value === undefined,
  attribute_type: (value: Maybe, type: Maybe) => value !== undefined && type !== undefined && typeOf(value) === contentOf(type),
  begins_with: beginsWith,
  contains,
};

function beginsWith(value: Maybe, prefix: Maybe): boolean {
  if (value === undefined || prefix === undefined) return false;
  if ("S" in value && "S" in prefix) return value.S.startsWith(prefix.S);
  if (!("B" in value && "B" in prefix)) return false;
  const start = Buffer.from(prefix.B, "base64");
  return Buffer.from(value.B, "base64").subarray(0, start.length).equals(start);
}

function contains(value: Maybe, operand: Maybe): boolean {
  if (value === undefined || operand === undefined) return false;
  if ("S" in value) return "S" in operand && value.S.includes(operand.S);
  if ("B" in value) return "B" in operand && Buffer.from(value.B, "base64").includes(Buffer.from(operand.B, "base64"));
  if ("L" in value) return value.L.some((element) => sameValue(element, operand));
  if ("SS" in value) return "S" in operand && value.SS.includes(operand.S);
  if ("NS" in value) return "N" in operand && value.NS.includes(operand.N);
  return "BS" in value && "B" in operand && value.BS.includes(operand.B);
}

function operandValue(operand: Operand, item: AttributeMap, placeholders: Placeholders): Maybe {
  if (operand.kind === "value") return placeholders.values[operand.placeholder];
  if (operand.kind === "path") return valueAt(item, resolvePath(operand.path, placeholders));
  const argument = operandValue(operand.operands[0] as Operand, item, placeholders);
  const size = argument === undefined ? undefined : sizeOf(argument);
  return size === undefined ? undefined : { N: String(size) };
}

function sizeOf(value: AttributeValue): number | undefined {
  if ("S" in value) return value.S.length;
  if ("B" in value) return binaryBytes(value.B);
  if ("M" in value) return Object.keys(value.M).length;
  const content = contentOf(value);
  return Array.isArray(content) ? content.length : undefined;
}
