/** The part of an item that document paths name. */
import { type AttributeMap, type AttributeValue, attributeOf, setAttribute } from "../attribute-value.ts";
import { invalid } from "../errors.ts";
import { printPath } from "./condition-parser.ts";
import type { ResolvedPath } from "./placeholders.ts";

/** What to take below one step: all of it, or only these steps. */
type Selection = Map<string | number, Selection> | "all";

/** Takes what the paths name and the item has. Elements of a list keep their order and close up. */
export function project(item: AttributeMap, paths: readonly ResolvedPath[]): AttributeMap {
  if (paths.every((path) => path.length === 1)) return pickTop(item, paths);
  const root: Selection = new Map();
  for (const path of paths) addPath(root, path);
  return pickMap(item, root);
}

function pickTop(item: AttributeMap, paths: readonly ResolvedPath[]): AttributeMap {
  const picked: Record<string, AttributeValue> = {};
  for (const [name] of paths) {
    const value = attributeOf(item, name as string);
    if (value !== undefined) setAttribute(picked, name as string, value);
  }
  return picked;
}

function addPath(root: Map<string | number, Selection>, path: ResolvedPath): void {
  let selection = root;
  path.forEach((step, at) => {
    const known = selection.get(step);
    if (known === "all") return;
    if (at === path.length - 1) selection.set(step, "all");
    else {
      const below = known ?? new Map<string | number, Selection>();
      selection.set(step, below);
      selection = below;
    }
  });
}

function pickMap(map: AttributeMap, selection: Map<string | number, Selection>): AttributeMap {
  const picked: Record<string, AttributeValue> = {};
  for (const [step, below] of selection) {
    const value = typeof step === "string" ? attributeOf(map, step) : undefined;
    const part = value === undefined ? undefined : pick(value, below);
    if (part !== undefined) setAttribute(picked, step as string, part);
  }
  return picked;
}

function pick(value: AttributeValue, selection: Selection): AttributeValue | undefined {
  if (selection === "all") return value;
  if ("M" in value) {
    const map = pickMap(value.M, selection);
    return Object.keys(map).length === 0 ? undefined : { M: map };
  }
  if (!("L" in value)) return undefined;
  const indexes = [...selection.keys()].filter((step) => typeof step === "number").sort((a, b) => a - b);
  const elements = indexes.flatMap((index) => {
    const element = value.L[index];
    const part = element === undefined ? undefined : pick(element, selection.get(index) as Selection);
    return part === undefined ? [] : [part];
  });
  return elements.length === 0 ? undefined : { L: elements };
}

/**
 * Refuses paths of which one holds another, or which take one thing for a list and for a map.
 * @throws {TablesError} `ValidationException`
 */
export function checkDisjoint(kind: string, paths: readonly ResolvedPath[]): void {
  for (let second = 1; second < paths.length; second++) {
    for (let first = 0; first < second; first++) {
      const clash = clashOf(paths[first] as ResolvedPath, paths[second] as ResolvedPath);
      if (clash === undefined) continue;
      const pair = `path one: ${printPath(paths[first] as ResolvedPath)}, path two: ${printPath(paths[second] as ResolvedPath)}`;
      throw invalid(`Invalid ${kind}: Two document paths ${clash} with each other; must remove or rewrite one of these paths; ${pair}`);
    }
  }
}

function clashOf(a: ResolvedPath, b: ResolvedPath): "overlap" | "conflict" | undefined {
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (typeof a[at] !== typeof b[at]) return "conflict";
    if (a[at] !== b[at]) return undefined;
  }
  return "overlap";
}
