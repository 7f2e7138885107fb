/** Finds functions that stand above what calls them: a file reads downwards, from what it exports to what that needs. */
import { parseSync, Visitor } from "oxc-parser";

/** A function of a file. */
export interface PlacedFunction {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
}

interface FunctionSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isExported: boolean;
}

/**
 * Returns the functions at the top of a file that it does not export and that stand above the first function that names them. Two that call
 * each other stand in either order, and so does one that is needed while the module is loaded.
 */
export function aboveCallers(file: string, text: string): PlacedFunction[] {
  const { program } = parseSync(file, text);
  const functions = functionsIn(program);
  const uses = usesIn(program);
  const firstCallerOf = ({ name, start, end }: FunctionSpan): FunctionSpan | undefined => {
    const first = uses.get(name)?.find((at) => at < start || at >= end);
    return first === undefined ? undefined : functions.find((one) => one.start <= first && first < one.end);
  };
  const isCalledBy = ({ name }: FunctionSpan, { start, end }: FunctionSpan): boolean =>
    uses.get(name)?.some((at) => start <= at && at < end) === true;
  return functions.flatMap((one) => {
    const caller = one.isExported ? undefined : firstCallerOf(one);
    if (caller === undefined || caller.start < one.start || isCalledBy(caller, one)) return [];
    return [{ name: one.name, line: text.slice(0, one.start).split("\n").length }];
  });
}

type Program = ReturnType<typeof parseSync>["program"];

function functionsIn({ body }: Program): FunctionSpan[] {
  return body.flatMap((statement) => {
    const isExported = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    const declaration = isExported ? statement.declaration : statement;
    if (declaration?.type !== "FunctionDeclaration") return [];
    return [{ name: declaration.id?.name ?? "", start: statement.start, end: statement.end, isExported }];
  });
}

/** Where each name stands, in order. */
function usesIn(program: Program): Map<string, readonly number[]> {
  const uses = new Map<string, number[]>();
  const note = ({ name, start }: { readonly name: string; readonly start: number }): void => {
    const before = uses.get(name);
    if (before === undefined) uses.set(name, [start]);
    else before.push(start);
  };
  new Visitor({ Identifier: note, JSXIdentifier: note }).visit(program);
  return new Map([...uses].map(([name, places]) => [name, places.sort((a, b) => a - b)]));
}
