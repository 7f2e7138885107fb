/** What a source file says to people: its comments, and the names of its tests. */
import { parseSync, Visitor } from "oxc-parser";

/** A piece of text of a file. */
export interface Passage {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Returns the file's comments, without the slashes and asterisks that mark them. */
export function commentsOf(file: string, text: string): Passage[] {
  const lineOf = lines(text);
  return parseSync(file, text).comments.map(({ value, start }) => ({ text: value.replaceAll(/^[ \t]*\*/gm, ""), line: lineOf(start) }));
}

const testCalls = new Set(["test", "it", "describe", "check"]);

/** Returns the names of the file's tests, groups of tests and contract cases; of a template the fixed parts. */
export function testNamesOf(file: string, text: string): Passage[] {
  const lineOf = lines(text);
  const found: Passage[] = [];
  new Visitor({
    CallExpression({ callee, arguments: [first] }) {
      if (first === undefined || !testCalls.has(rootOf(callee as Callee))) return;
      const name =
        first.type === "Literal" && typeof first.value === "string"
          ? first.value
          : first.type === "TemplateLiteral"
            ? first.quasis.map(({ value }) => value.cooked ?? "").join("…")
            : undefined;
      if (name !== undefined) found.push({ text: name, line: lineOf(first.start) });
    },
  }).visit(parseSync(file, text).program);
  return found;
}

interface Callee {
  readonly type: string;
  readonly name?: string;
  readonly object?: Callee;
  readonly callee?: Callee;
  readonly tag?: Callee;
}

/** The name a call begins with: `test` in `test.skipIf(isWindows).each(rows)("$name", …)`. */
function rootOf({ name, object, callee, tag }: Callee): string {
  const inner = object ?? callee ?? tag;
  return inner === undefined ? (name ?? "") : rootOf(inner);
}

function lines(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => starts.filter((start) => start <= offset).length;
}
