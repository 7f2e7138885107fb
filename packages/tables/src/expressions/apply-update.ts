/**
 * Applies update expressions.
 *
 * U1. Every operand is read from the item as it was before the update.
 * U2. List indexes mean the list as it was: elements are set before any is removed.
 * U3. The item given is not changed; what the update does not touch is shared with it.
 */
import { type AttributeMap, type AttributeType, type AttributeValue, contentOf, setAttribute, typeOf } from "../attribute-value.ts";
import { addNumbers, negateNumber } from "../decimal.ts";
import { invalid } from "../errors.ts";
import { operandChecks } from "./check-operands.ts";
import { childOf, type Placeholders, type ResolvedPath, resolvePath, valueAt } from "./placeholders.ts";
import { checkDisjoint } from "./project.ts";
import type { Operand, SetValue, UpdateAction } from "./syntax.ts";

const missingOperand = "The provided expression refers to an attribute that does not exist in the item";
const wrongType = "An operand in the update expression has an incorrect data type";
const wrongPath = "The document path provided in the update expression is invalid for update";

/** An update with its paths resolved and its operands checked, for one request. */
export interface Update {
  readonly actions: readonly UpdateAction[];
  readonly paths: readonly ResolvedPath[];
  readonly placeholders: Placeholders;
}

/** @throws {TablesError} `ValidationException` where paths clash or operands could never fit */
export function prepareUpdate(actions: readonly UpdateAction[], placeholders: Placeholders): Update {
  const paths = actions.map((action) => resolvePath(action.path, placeholders));
  checkDisjoint("UpdateExpression", paths);
  for (const action of actions) checkTypes(action, placeholders);
  return { actions, paths, placeholders };
}

/** The item after the update. */
export function applyUpdate(item: AttributeMap, { actions, paths, placeholders }: Update): AttributeMap {
  for (const path of paths) checkContainer(item, path);
  const changes = actions.map((action, at) => changeOf(action, paths[at] as ResolvedPath, item, placeholders));
  if (changes.length > 1) changes.sort(inOrderOfIndexes);
  const result: Record<string, AttributeValue> = { ...item };
  for (const { path, value } of changes) {
    const name = path[0] as string;
    const after = path.length === 1 ? value : changeWithin(result[name] as AttributeValue, path, 1, value);
    if (after === undefined) delete result[name];
    else setAttribute(result, name, after);
  }
  return result;
}

interface Change {
  readonly path: ResolvedPath;
  readonly removes: boolean;
  /** What takes the place of the value there; undefined to remove it. */
  readonly value: AttributeValue | undefined;
}

function changeOf(action: UpdateAction, path: ResolvedPath, item: AttributeMap, placeholders: Placeholders): Change {
  switch (action.kind) {
    case "SET":
      return { path, removes: false, value: setValue(action.value, item, placeholders) };
    case "REMOVE":
      return { path, removes: true, value: undefined };
    case "ADD":
      return { path, removes: false, value: added(valueAt(item, path), placeholders.values[action.placeholder] as AttributeValue) };
    case "DELETE": {
      const value = deleted(valueAt(item, path), placeholders.values[action.placeholder] as AttributeValue);
      return { path, removes: value === undefined, value };
    }
  }
}

/** A path of several steps needs what holds its last one, of the right kind. */
function checkContainer(item: AttributeMap, path: ResolvedPath): void {
  if (path.length === 1) return;
  const container = valueAt(item, path.slice(0, -1));
  const fits = typeof path.at(-1) === "number" ? "L" : "M";
  if (container === undefined || !(fits in container)) throw invalid(wrongPath);
}

/** Sets first, by ascending index, so that new elements are appended in order; then removals, by descending index (U2). */
function inOrderOfIndexes(a: Change, b: Change): number {
  if (a.removes !== b.removes) return a.removes ? 1 : -1;
  for (let at = 0; at < a.path.length && at < b.path.length; at++) {
    const [x, y] = [a.path[at], b.path[at]];
    if (x === y) continue;
    if (typeof x === "number" && typeof y === "number") return a.removes ? y - x : x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return 0;
}

/** The container with the value put in; the changes before have left every container on its path where it was. */
function changeWithin(container: AttributeValue, path: ResolvedPath, at: number, value: AttributeValue | undefined): AttributeValue {
  const step = path[at] as string | number;
  const next = at === path.length - 1 ? value : changeWithin(childOf(container, step) as AttributeValue, path, at + 1, value);
  if ("L" in container) return { L: withElement(container.L, step as number, next) };
  const map: Record<string, AttributeValue> = { ...(container as { M: AttributeMap }).M };
  if (next === undefined) delete map[step];
  else setAttribute(map, step as string, next);
  return { M: map };
}

function withElement(list: readonly AttributeValue[], index: number, element: AttributeValue | undefined): AttributeValue[] {
  const copy = [...list];
  if (element === undefined) copy.splice(index, 1);
  else if (index < copy.length) copy[index] = element;
  else copy.push(element);
  return copy;
}

function setValue(value: SetValue, item: AttributeMap, placeholders: Placeholders): AttributeValue {
  if (value.kind !== "sum") return operandValue(value, item, placeholders);
  const left = operandValue(value.left, item, placeholders);
  if (!("N" in left)) throw invalid(wrongType);
  const right = operandValue(value.right, item, placeholders);
  if (!("N" in right)) throw invalid(wrongType);
  return { N: addNumbers(left.N, value.sign === "+" ? right.N : negateNumber(right.N)) };
}

function operandValue(operand: Operand, item: AttributeMap, placeholders: Placeholders): AttributeValue {
  if (operand.kind === "function") return functionValue(operand, item, placeholders);
  const value =
    operand.kind === "value" ? placeholders.values[operand.placeholder] : valueAt(item, resolvePath(operand.path, placeholders));
  if (value === undefined) throw invalid(missingOperand);
  return value;
}

function functionValue({ name, operands }: Operand & { kind: "function" }, item: AttributeMap, placeholders: Placeholders): AttributeValue {
  const [first, second] = operands as [Operand, Operand];
  if (name === "if_not_exists") {
    // The other operand has to have a value even where it is not needed.
    const otherwise = operandValue(second, item, placeholders);
    return (first.kind === "path" ? valueAt(item, resolvePath(first.path, placeholders)) : undefined) ?? otherwise;
  }
  const head = operandValue(first, item, placeholders);
  if (!("L" in head)) throw invalid(wrongType);
  const tail = operandValue(second, item, placeholders);
  if (!("L" in tail)) throw invalid(wrongType);
  return { L: [...head.L, ...tail.L] };
}

function added(current: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (current === undefined) return operand;
  if ("N" in current && "N" in operand) return { N: addNumbers(current.N, operand.N) };
  const [type, members, more] = sets(current, operand);
  return { [type]: [...new Set([...members, ...more])] } as unknown as AttributeValue;
}

function deleted(current: AttributeValue | undefined, operand: AttributeValue): AttributeValue | undefined {
  if (current === undefined) return undefined;
  const [type, members, fewer] = sets(current, operand);
  const gone = new Set(fewer);
  const rest = members.filter((member) => !gone.has(member));
  return rest.length === 0 ? undefined : ({ [type]: rest } as unknown as AttributeValue);
}

function sets(current: AttributeValue, operand: AttributeValue): [AttributeType, readonly string[], readonly string[]] {
  const type = typeOf(current);
  if (type !== typeOf(operand) || !type.endsWith("S") || type === "S") throw invalid(wrongType);
  return [type, contentOf(current) as string[], contentOf(operand) as string[]];
}

const longNames: Readonly<Record<AttributeType, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  SS: "STRING_SET",
  NS: "NUMBER_SET",
  BS: "BINARY_SET",
  M: "MAP",
  L: "LIST",
  BOOL: "BOOLEAN",
  NULL: "NULL",
};

function checkTypes(action: UpdateAction, placeholders: Placeholders): void {
  if (action.kind === "SET") checkSetTypes(action.value, placeholders);
  if (action.kind === "SET" || action.kind === "REMOVE") return;
  const type = typeOf(placeholders.values[action.placeholder] as AttributeValue);
  const fits = ["SS", "NS", "BS"].includes(type) || (action.kind === "ADD" && type === "N");
  if (fits) return;
  throw invalid(
    `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ${action.kind}, operand type: ${longNames[type]}, typeSet: ALLOWED_FOR_${action.kind}_OPERAND`,
  );
}

function checkSetTypes(value: SetValue, placeholders: Placeholders): void {
  const checks = operandChecks("UpdateExpression", placeholders);
  const visit = (operand: Operand): void => {
    if (operand.kind !== "function") return;
    operand.operands.forEach(visit);
    if (operand.name === "list_append") for (const list of operand.operands) checks.type(list, ["L"], operand.name);
    else checks.distinct(operand.name, operand.operands);
  };
  const operands = value.kind === "sum" ? [value.left, value.right] : [value];
  for (const operand of operands) {
    visit(operand);
    if (value.kind === "sum") checks.type(operand, ["N"], value.sign);
  }
}
