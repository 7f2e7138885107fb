/** An event as a pattern sees it: leaf values by dotted path, each with the array elements it lies in. */
import type { Event } from "./event.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { Leaf } from "./value-tests.ts";

/** Which element, by array: arrays of objects are numbered in the order of the event. */
export type Membership = ReadonlyMap<number, number>;
/** A value at the end of a path, with the array elements it lies in. */
export interface Occurrence {
  readonly value: Leaf;
  readonly membership: Membership;
}
/** Values by dotted path. */
export type Fields = ReadonlyMap<string, readonly Occurrence[]>;

const nowhere: Membership = new Map();
/** As deep as AWS's own JSON reader goes; what lies deeper is not looked at. */
const deepest = 1000;

/** The member names that paths consist of. */
export function stepsOf(paths: readonly string[]): Set<string> {
  return new Set(paths.flatMap((path) => path.split(".")));
}

/** Flattens what lies under names in `steps`; a name with a dot in it may be several of them and is always looked at. */
export function flattenEvent(event: Event, steps: ReadonlySet<string>): Fields {
  const fields = new Map<string, Occurrence[]>();
  let arrays = 0;

  function visit(value: JsonValue, path: string, membership: Membership, depth: number): void {
    if (value === null || typeof value !== "object") add(path, value, membership);
    else if (depth < deepest) isArray(value) ? visitArray(value, path, membership, depth) : visitObject(value, path, membership, depth);
  }

  function add(path: string, value: Leaf, membership: Membership): void {
    const occurrences = fields.get(path);
    if (occurrences === undefined) fields.set(path, [{ value, membership }]);
    else occurrences.push({ value, membership });
  }

  function visitObject(object: JsonObject, path: string, membership: Membership, depth: number): void {
    for (const name of Object.keys(object)) {
      if (!steps.has(name) && !name.includes(".")) continue;
      visit(object[name] as JsonValue, path === "" ? name : `${path}.${name}`, membership, depth + 1);
    }
  }

  function visitArray(array: readonly JsonValue[], path: string, membership: Membership, depth: number): void {
    const id = arrays++;
    array.forEach((element, index) => {
      // A plain value binds no element: two fields may hold by different ones.
      const isLeaf = element === null || typeof element !== "object";
      visit(element, path, isLeaf ? membership : new Map(membership).set(id, index), depth + 1);
    });
  }

  if (event !== null && typeof event === "object" && !Array.isArray(event)) visitObject(event as JsonObject, "", nowhere, 0);
  return fields;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
