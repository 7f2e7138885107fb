/** Which values of an event hold for the fields of a pattern: found once for each field, however many alternatives name it. */
import type { FieldPattern } from "./field-pattern.ts";
import type { Fields, Occurrence } from "./flatten.ts";
import type { Leaf } from "./value-tests.ts";

/** Returns the values of one event that hold for a field. */
export type Holding = (field: FieldPattern) => readonly Occurrence[];

const none: readonly Occurrence[] = [];
/** Fewer values than this are sooner tried than indexed. */
const fewestIndexed = 16;

/** `isAskedOften`: by several alternatives, so that an index of the exact values pays. */
export function holdingIn(fields: Fields, isAskedOften: boolean): Holding {
  const known = new Map<FieldPattern, readonly Occurrence[]>();
  const indexes = new Map<string, ReadonlyMap<Leaf, readonly Occurrence[]>>();

  function find(field: FieldPattern): readonly Occurrence[] {
    const occurrences = fields.get(field.path) ?? none;
    if (!isAskedOften || occurrences.length < fewestIndexed || !field.keys?.every(({ kind }) => kind === "is"))
      return occurrences.filter(({ value }) => holdsFor(field, value));
    const index = indexOf(field.path, occurrences);
    return field.keys.flatMap(({ value }) => index.get(value) ?? none);
  }

  function indexOf(path: string, occurrences: readonly Occurrence[]): ReadonlyMap<Leaf, readonly Occurrence[]> {
    let index = indexes.get(path);
    if (index === undefined) indexes.set(path, (index = Map.groupBy(occurrences, ({ value }) => value)));
    return index;
  }

  return (field) => {
    let holding = known.get(field);
    if (holding === undefined) known.set(field, (holding = find(field)));
    return holding;
  };
}

function holdsFor({ expressions }: FieldPattern, value: Leaf): boolean {
  return expressions.some((expression) => expression.kind === "test" && expression.test(value));
}
