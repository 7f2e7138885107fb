/** The operators between two values. What JSONata refuses is for the thread, which knows its errors. */

import { textOfValue } from "./functions/texts.ts";
import { leave, type Run, spend, spendText } from "./run.ts";
import { NotBounded } from "./syntax.ts";
import { isEqual, isList, isNumeric, type MadeList, type Value } from "./values.ts";

type Operate = (run: Run, left: Value, right: Value) => Value;

const operators: Readonly<Record<string, Operate>> = {
  "+": numeric((left, right) => left + right),
  "-": numeric((left, right) => left - right),
  "*": numeric((left, right) => left * right),
  // Zero has two signs: data that went through JSON have one of them, these data may have the other.
  "/": numeric((left, right) => (right === 0 ? leave() : left / right)),
  "%": numeric((left, right) => left % right),
  "=": (run, left, right) => left !== undefined && right !== undefined && isEqual(run, left, right),
  "!=": (run, left, right) => left !== undefined && right !== undefined && !isEqual(run, left, right),
  "<": ordered((left, right) => left < right),
  "<=": ordered((left, right) => left <= right),
  ">": ordered((left, right) => left > right),
  ">=": ordered((left, right) => left >= right),
  "&": concatenate,
  "..": rangeOf,
  in: isAmong,
};

/** @throws {NotBounded} for an operator that is not of this list */
export function binaryOperator(name: string): Operate {
  const operate = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operate === undefined) throw new NotBounded(`the operator ${name}`);
  return operate;
}

function numeric(operate: (left: number, right: number) => number): Operate {
  return (_run, left, right) => {
    if (isNumeric(left) && isNumeric(right)) return operate(left, right);
    if ((left === undefined || isNumeric(left)) && (right === undefined || isNumeric(right))) return undefined;
    return leave();
  };
}

function ordered(compare: (left: string | number, right: string | number) => boolean): Operate {
  return (run, left, right) => {
    if (typeof left === "number" && typeof right === "number") return compare(left, right);
    if (typeof left === "string" && typeof right === "string") {
      spendText(run, Math.min(left.length, right.length));
      return compare(left, right);
    }
    const comparable = [left, right].every((each) => each === undefined || typeof each === "number" || typeof each === "string");
    return comparable && (left === undefined || right === undefined) ? undefined : leave();
  };
}

function concatenate(run: Run, left: Value, right: Value): string {
  const [head, tail] = [textOfValue(run, left) ?? "", textOfValue(run, right) ?? ""];
  spendText(run, head.length + tail.length);
  return head + tail;
}

function rangeOf(run: Run, from: Value, to: Value): Value {
  const isEnd = (value: Value): boolean => value === undefined || Number.isInteger(value);
  if (!isEnd(from) || !isEnd(to)) leave();
  if (typeof from !== "number" || typeof to !== "number" || from > to) return undefined;
  spend(run, to - from + 1);
  const numbers: MadeList = [];
  // An end too large for whole numbers to be counted up to.
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) leave();
  for (let number = from; number <= to; number++) numbers.push(number);
  numbers.sequence = true;
  return numbers;
}

function isAmong(run: Run, member: Value, values: Value): boolean {
  if (member === undefined || values === undefined) return false;
  if (!isList(values)) return values === member;
  spend(run, values.length);
  return values.includes(member) && !Number.isNaN(member);
}
