/** Finds what AWS refuses in a JSONata expression before it runs. The expression is parsed, never evaluated. */
import jsonata from "jsonata";

/** A finding of a JSONata expression: a syntax error, a name AWS does not offer. */
export interface QueryProblem {
  readonly code: "INVALID_JSONATA_EXPRESSION" | "UNSUPPORTED_JSONATA_EXPRESSION";
  readonly message: string;
}

/** The parts of JSONata's syntax tree that the checks read. */
interface Tree {
  readonly type?: string;
  readonly value?: unknown;
  readonly [part: string]: unknown;
}

/** JSONata resolves each use of these through all the steps before it: a thousand in one expression take minutes. */
const mostParents = 100;
/** One that is not closed goes to the end. */
const literals = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|'(?:[^'\\]|\\[\s\S])*(?:'|\\?$)|`[^`]*(?:`|$)|\/\*[\s\S]*?(?:\*\/|$)/g;
const countOf = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0;

/** Returns the findings about one expression: a syntax error, or names that Step Functions does not have. `inCatch`: `$states.errorOutput` exists. */
export function checkQuery(expression: string, inCatch: boolean): readonly QueryProblem[] {
  try {
    const tooMany = usesTooMany(expression);
    if (tooMany) return [tooMany];
    const found = new Map<string, QueryProblem>();
    look(jsonata(expression).ast() as unknown as Tree, true, inCatch, found);
    return [...found.values()];
  } catch (error) {
    return [
      {
        code: "INVALID_JSONATA_EXPRESSION",
        message: error instanceof RangeError ? "The expression is nested too deeply." : messageOf(error),
      },
    ];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String((error as { message?: unknown }).message);
}

function usesTooMany(expression: string): QueryProblem | undefined {
  const code = "INVALID_JSONATA_EXPRESSION";
  if (countOf(/[%@]/g, expression) <= mostParents) return undefined;
  const bare = expression.replace(literals, "''");
  // After an operand a "%" is the remainder.
  const parents = countOf(/(?:^|[^\s\w)\]}'%])\s*%/g, bare);
  if (parents > mostParents) return { code, message: `The parent operator '%' is used ${parents} times, expected at most ${mostParents}.` };
  const focuses = countOf(/@/g, bare);
  if (focuses > mostParents) return { code, message: `The operator '@' is used ${focuses} times, expected at most ${mostParents}.` };
  return undefined;
}

/** `isTop`: the context is still the whole document, which Step Functions does not provide. */
function look(tree: Tree, isTop: boolean, inCatch: boolean, found: Map<string, QueryProblem>): void {
  if (tree.type === "path") {
    lookAtPath(tree, isTop, inCatch, found);
    return;
  }
  if (tree.type === "variable" && tree.value === "$") refuse(found, "Reference to '$$' is not supported.");
  if (tree.type === "variable" && tree.value === "" && isTop) refuse(found, "Reference to '$' at the top level is not supported.");
  // A lambda's names are its parameters; what it is applied to gives its body a context.
  lookInside(tree, isTop, inCatch, found);
}

function lookAtPath(tree: Tree, isTop: boolean, inCatch: boolean, found: Map<string, QueryProblem>): void {
  const [first, ...rest] = tree.steps as readonly Tree[];
  if (!first) return;
  if (first.type === "name" && isTop) refuse(found, `Reference to '${String(first.value)}' at the top level is not supported.`);
  const readsErrorOutput = first.type === "variable" && first.value === "states" && rest[0]?.value === "errorOutput";
  if (readsErrorOutput && !inCatch) refuse(found, "Field '$states.errorOutput' does not exist.");
  look(first, isTop && first.type !== "name", inCatch, found);
  for (const step of rest) look(step, false, inCatch, found);
  for (const name of ["group"]) if (isTree(tree[name])) look(tree[name], false, inCatch, found);
}

const inContextOfItsOwn = new Set(["predicate", "stages", "terms"]);

function lookInside(tree: Tree, isTop: boolean, inCatch: boolean, found: Map<string, QueryProblem>): void {
  for (const [name, part] of Object.entries(tree)) {
    for (const each of Array.isArray(part) ? (part as unknown[]).flat(2) : [part]) {
      if (isTree(each)) look(each, isTop && !inContextOfItsOwn.has(name), inCatch, found);
    }
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !(value instanceof RegExp);
}

function refuse(found: Map<string, QueryProblem>, message: string): void {
  found.set(message, { code: "UNSUPPORTED_JSONATA_EXPRESSION", message });
}
