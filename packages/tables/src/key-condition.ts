/** Key condition expressions: one partition, and at most one condition on the sort key. */
import { type AttributeValue, compareValues, contentOf, typeOf } from "./attribute-value.ts";
import { invalid } from "./errors.ts";
import { type Placeholders, resolvePath } from "./expressions/placeholders.ts";
import type { Comparator, Condition, Operand } from "./expressions/syntax.ts";
import type { SortCondition } from "./item-key.ts";
import type { KeyAttribute, KeySchema } from "./key-schema.ts";

/**
 * A parsed key condition: one partition, and within it a range of sort keys.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export interface KeyCondition {
  /** Content of the partition key. */
  readonly hash: string;
  readonly sort?: SortCondition;
}

interface AttributeCondition {
  readonly name: string;
  readonly operator: Comparator | "between" | "begins_with";
  readonly values: readonly AttributeValue[];
}

const mirrored: Partial<Record<Comparator, Comparator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
const badOperator = (operator: string): Error => invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);
const unsupported = (): Error => invalid("Query key condition not supported");

/** @throws {TablesError} `ValidationException` where the condition does not fit the keys */
export function readKeyCondition(tree: Condition, placeholders: Placeholders, keys: KeySchema): KeyCondition {
  const conditions = conjuncts(tree).map((node) => attributeCondition(node, placeholders));
  const names = conditions.map(({ name }) => name);
  if (new Set(names).size < names.length) throw invalid("KeyConditionExpressions must only contain one condition per key");
  if (conditions.length > 2) throw invalid("Conditions can be of length 1 or 2 only");
  const hash = conditions.find(({ name }) => name === keys.hash.name);
  if (hash === undefined) throw invalid(`Query condition missed key schema element: ${keys.hash.name}`);
  const rest = conditions.find((condition) => condition !== hash);
  if (hash.operator !== "=") throw unsupported();
  if (rest !== undefined && rest.name !== keys.sort?.name) {
    if (keys.sort === undefined) throw unsupported();
    throw invalid(`Query condition missed key schema element: ${keys.sort.name}`);
  }
  const content = typedContent(hash, keys.hash)[0] as string;
  return rest === undefined ? { hash: content } : { hash: content, sort: sortCondition(rest, keys.sort as KeyAttribute) };
}

function conjuncts(node: Condition): Condition[] {
  if (node.kind === "and") return [...conjuncts(node.left), ...conjuncts(node.right)];
  return [node];
}

function attributeCondition(node: Condition, placeholders: Placeholders): AttributeCondition {
  switch (node.kind) {
    case "or":
    case "not":
    case "in":
      throw badOperator(node.kind.toUpperCase());
    case "compare": {
      if (node.comparator === "<>") throw badOperator("<>");
      const turned = node.left.kind === "value";
      const [path, value] = turned ? [node.right, node.left] : [node.left, node.right];
      const operator = turned ? (mirrored[node.comparator] ?? node.comparator) : node.comparator;
      return { name: keyName(path, placeholders), operator, values: [keyValue(value, placeholders)] };
    }
    case "between":
      return {
        name: keyName(node.operand, placeholders, "BETWEEN"),
        operator: "between",
        values: [keyValue(node.low, placeholders), keyValue(node.high, placeholders)],
      };
    case "function": {
      if (node.name !== "begins_with") throw badOperator(node.name);
      const [path, prefix] = node.operands as [Operand, Operand];
      return { name: keyName(path, placeholders, "begins_with"), operator: "begins_with", values: [keyValue(prefix, placeholders)] };
    }
    case "and":
      throw badOperator("AND");
  }
}

function keyName(operand: Operand, placeholders: Placeholders, operator?: string): string {
  if (operand.kind === "function") throw invalid("KeyConditionExpressions cannot contain nested operations");
  if (operand.kind === "value") {
    const rule =
      operator === undefined ? "No key attribute specified" : `${operator} operator must have the key attribute as its first operand`;
    throw invalid(`Invalid condition in KeyConditionExpression: ${rule}`);
  }
  const path = resolvePath(operand.path, placeholders);
  if (path.length > 1) throw invalid("KeyConditionExpressions cannot have conditions on nested attributes");
  return path[0] as string;
}

function keyValue(operand: Operand, placeholders: Placeholders): AttributeValue {
  if (operand.kind === "function") throw invalid("KeyConditionExpressions cannot contain nested operations");
  if (operand.kind === "path") {
    throw invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  }
  return placeholders.values[operand.placeholder] as AttributeValue;
}

function typedContent({ values }: AttributeCondition, { name, type }: KeyAttribute): string[] {
  return values.map((value) => {
    if (typeOf(value) !== type) {
      throw invalid("One or more parameter values were invalid: Condition parameter type does not match schema type");
    }
    const content = contentOf(value) as string;
    if (content !== "") return content;
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type === "S" ? "string" : "binary"} value. Key: ${name}`,
    );
  });
}

function sortCondition(condition: AttributeCondition, key: KeyAttribute): SortCondition {
  const [first, second] = typedContent(condition, key) as [string, string];
  if (condition.operator === "between") {
    const [low, high] = condition.values as [AttributeValue, AttributeValue];
    if ((compareValues(low, high) ?? 0) > 0) {
      throw invalid(
        "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; " +
          `lower bound operand: AttributeValue: {${key.type}:${first}}, upper bound operand: AttributeValue: {${key.type}:${second}}`,
      );
    }
    return { operator: "between", low: first, high: second };
  }
  if (condition.operator === "begins_with") {
    if (key.type === "N") {
      throw invalid(
        "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
      );
    }
    return { operator: "begins_with", value: first };
  }
  return { operator: condition.operator as "=", value: first };
}
