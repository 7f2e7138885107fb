/** Signatures of built-in functions, as the package writes them: `<s-nn?:s>`. They choose, check and complete the arguments. */
import { leave, type Run, spend } from "./run.ts";
import { Callable, isDict, isList, type List, type Value } from "./values.ts";

interface Parameter {
  /** The types it takes, one letter each, `m` for nothing. */
  readonly types: string;
  /** Its type is `a`: any value becomes an array of one. */
  readonly isArray: boolean;
  /** The type of the array's members. */
  readonly members: string | undefined;
  /** The context stands for it if it is not given. */
  readonly isContext: boolean;
  readonly least: 0 | 1;
  readonly isRepeated: boolean;
}

/** Completes the arguments of a call. @throws {Beyond} if they do not match */
export type Arrange = (args: readonly Value[], context: Value, run: Run) => readonly Value[];

const anything = "asnblfom";

/** Reads a signature. */
export function arrangeBy(signature: string): Arrange {
  const parameters = parametersOf(signature);
  const known = new Map<string, readonly number[] | undefined>();
  return (args, context, run) => {
    let types = "";
    for (const arg of args) types += typeOf(arg);
    // A call site passes few kinds of arguments; one that passes many must not fill the memory.
    if (!known.has(types)) {
      if (known.size > 100) known.clear();
      known.set(types, matched(parameters, types, 0, 0));
    }
    const counts = known.get(types) ?? leave();
    return arranged(parameters, counts, args, types, context, run);
  };
}

function parametersOf(signature: string): readonly Parameter[] {
  const [body = ""] = signature.slice(1, -1).split(":");
  const parts = body.matchAll(/(\([a-z]+\)|[a-z])(?:<([a-z])>)?([-?+]*)/g);
  return Array.from(parts, ([, type = "", members, marks = ""]) => ({
    types:
      type === "a" || type === "x"
        ? anything
        : type === "j"
          ? anything.replace("f", "")
          : type === "f"
            ? "f"
            : `${type.replace(/[()]/g, "")}m`,
    isArray: type === "a",
    members,
    isContext: marks.includes("-"),
    least: marks.includes("-") || marks.includes("?") ? 0 : 1,
    isRepeated: marks.includes("+"),
  }));
}

/** Returns how many arguments each parameter takes: the first as many as possible. */
function matched(parameters: readonly Parameter[], types: string, index: number, from: number): readonly number[] | undefined {
  const parameter = parameters[index];
  if (parameter === undefined) return from === types.length ? [] : undefined;
  let most = 0;
  while ((most === 0 || parameter.isRepeated) && from + most < types.length && parameter.types.includes(types.charAt(from + most))) most++;
  for (let count = most; count >= parameter.least; count--) {
    const rest = matched(parameters, types, index + 1, from + count);
    if (rest !== undefined) return [count, ...rest];
  }
  return undefined;
}

function arranged(
  parameters: readonly Parameter[],
  counts: readonly number[],
  args: readonly Value[],
  types: string,
  context: Value,
  run: Run,
): readonly Value[] {
  const values: Value[] = [];
  let at = 0;
  for (const [i, parameter] of parameters.entries()) {
    const count = counts[i] as number;
    if (count === 0) {
      // An argument that is left out takes the next one's place in the package, which is nothing as well.
      if (parameter.isContext) values.push(parameter.types.includes(typeOf(context)) ? context : leave());
      else values.push(args[at++]);
    }
    for (let k = 0; k < count; k++, at++) values.push(parameter.isArray ? asArray(parameter, args[at], types.charAt(at), run) : args[at]);
  }
  return values;
}

function asArray({ members }: Parameter, arg: Value, type: string, run: Run): Value {
  if (type === "m") return undefined;
  if (!isList(arg)) return members === undefined || type === members ? [arg] : leave();
  if (members !== undefined) checkMembers(members, arg, run);
  return arg;
}

function checkMembers(type: string, list: List, run: Run): void {
  spend(run, list.length);
  for (const each of list) if (typeOf(each) !== type) leave();
}

/** Returns the letter of a value's type. */
function typeOf(value: Value): string {
  if (value === undefined) return "m";
  if (typeof value === "string") return "s";
  if (typeof value === "number") return "n";
  if (typeof value === "boolean") return "b";
  if (value === null) return "l";
  if (isList(value)) return "a";
  if (value instanceof Callable) return "f";
  return isDict(value) ? "o" : leave();
}
