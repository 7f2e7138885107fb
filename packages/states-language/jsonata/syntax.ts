/** JSONata's syntax tree, as the package's own parser gives it, and which texts are parsed in this process. */
import jsonata from "jsonata";

/** A node of the syntax tree. The package's types name few of its members, so each is checked where it is read. */
export interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** An expression that is for the thread: too long, too deep, or with something that nothing here evaluates. */
export class NotBounded extends Error {
  override readonly name = "NotBounded";
}

/** The longest text, in UTF-16 code units: the package's parser takes time in the square of it. */
export const longestText = 2_000;
/** The parser copies what stands before each of `?:` and `??`, so that the tree doubles. */
const mostDefaults = 4;

/**
 * Returns the syntax tree of an expression.
 * @throws {NotBounded} if the text is too long or no expression
 */
export function parse(text: string): Node {
  if (text.length > longestText) throw new NotBounded("a long text");
  if (text.split(/\?\s*[?:]/).length > mostDefaults + 1) throw new NotBounded("many defaults");
  try {
    return nodeOf(jsonata(text).ast());
  } catch {
    throw new NotBounded("no expression");
  }
}

/** Returns a member of a node as a node. @throws {NotBounded} if it is something else */
export function nodeOf(value: unknown): Node {
  if (isNode(value)) return value;
  throw new NotBounded("no node of the syntax tree");
}

/** Returns a member of a node as nodes; none if it is absent. @throws {NotBounded} if it is something else */
export function nodesOf(value: unknown): readonly Node[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new NotBounded("no nodes of the syntax tree");
  return value.map(nodeOf);
}

/** Returns the pairs of an object constructor: expressions for the key and for the value. @throws {NotBounded} if it has others */
export function pairsOf(value: unknown): readonly (readonly [Node, Node])[] {
  if (!Array.isArray(value)) throw new NotBounded("no pairs of the syntax tree");
  return value.map((pair: unknown) => {
    const [key, own] = nodesOf(pair);
    return [nodeOf(key), nodeOf(own)] as const;
  });
}

/** Returns a member of a node as text. @throws {NotBounded} if it is something else */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw new NotBounded("no text of the syntax tree");
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Returns the nodes directly below a node, in any member of it. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  const add = (value: unknown): void => {
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) value.forEach(add);
    else if (typeof value === "object" && value !== null && !(value instanceof RegExp)) Object.values(value).forEach(add);
  };
  for (const [name, value] of Object.entries(node)) if (name !== "type" && name !== "value") add(value);
  return children;
}
