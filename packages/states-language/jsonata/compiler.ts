/** What the parts of the compiler share: closures for nodes, and what is known of names. */
import type { Frame } from "./frame.ts";
import { childrenOf, type Node, NotBounded, nodeOf, nodesOf, textOf } from "./syntax.ts";
import type { Value } from "./values.ts";

/** A compiled node: what it comes to for an input, which is the context (`$`). */
export type Evaluate = (input: Value, frame: Frame) => Value;

/** Compiles the nodes of one expression. */
export interface Compiler {
  /** @throws {NotBounded} if the node is for the thread */
  compile(node: Node): Evaluate;
  /** Returns true if the expression binds a variable of this name anywhere. */
  binds(name: string): boolean;
}

const mostDepth = 60;

/**
 * Returns the names of all variables that an expression binds, parameters of lambdas included.
 * @throws {NotBounded} for a tree too deep, or with tuples (`@`, `#`, `%`)
 */
export function namesBound(root: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: Node, depth: number): void => {
    if (depth > mostDepth) throw new NotBounded("a deep expression");
    for (const member of ["tuple", "focus", "index", "ancestor", "seekingParent"]) {
      if (node[member] !== undefined) throw new NotBounded("a tuple stream");
    }
    if (node.type === "bind") names.add(textOf(nodeOf(node.lhs).value));
    if (node.type === "lambda") for (const parameter of nodesOf(node.arguments)) names.add(textOf(parameter.value));
    for (const child of childrenOf(node)) visit(child, depth + 1);
  };
  visit(root, 0);
  return names;
}

/**
 * Refuses nodes that bind a variable in the scope around them: JSONata evaluates the members of a constructor side by side, so that one would see what
 * another binds, or not.
 * @throws {NotBounded} if one of them does
 */
export function refuseBinds(nodes: readonly Node[]): void {
  for (const node of nodes) {
    if (node.type === "bind") throw new NotBounded("a variable bound in a constructor");
    if (node.type !== "block" && node.type !== "lambda") refuseBinds(childrenOf(node));
  }
}
