/**
 * Finds whether all fields of an alternative hold with values from one and the same array element each (P3).
 *
 * A1. Fields are decided in the order of their paths. A field that must be absent looks at the elements chosen before it.
 * A2. The search remembers where it failed. What it remembers is cut down to arrays that later fields still touch, so
 *     independent arrays cost the sum of their lengths and not the product.
 */
import type { Alternative, FieldPattern } from "./field-pattern.ts";
import type { Fields, Membership, Occurrence } from "./flatten.ts";
import type { Holding } from "./holding.ts";

const none: readonly Occurrence[] = [];
const noMembership: Membership = new Map();

/** Returns whether every field of the alternative holds, by elements that agree. `holdingOf` gives the values that hold for a field. */
export function holdsConsistently(alternative: Alternative, fields: Fields, holdingOf: Holding): boolean {
  const candidates: (readonly Occurrence[])[] = [];
  let isBound = false;
  for (const field of alternative) {
    const occurrences = fields.get(field.path) ?? none;
    const holding = holdingOf(field);
    if (holding.length === 0 && !mayBeAbsent(field, occurrences)) return false;
    isBound ||= occurrences.some(({ membership }) => membership.size > 0);
    candidates.push(holding);
  }
  // Without arrays of objects, whatever holds singly holds together.
  return !isBound || search(alternative, fields, candidates);
}

/** A first, generous look: within one element of an array a field can be absent that is present in others. */
function mayBeAbsent(field: FieldPattern, occurrences: readonly Occurrence[]): boolean {
  return asksAbsence(field) && occurrences.every(({ membership }) => membership.size > 0);
}

function asksAbsence({ expressions }: FieldPattern): boolean {
  return expressions.some(({ kind }) => kind === "absent");
}

function search(alternative: Alternative, fields: Fields, candidates: readonly (readonly Occurrence[])[]): boolean {
  const later = arraysFrom(alternative, fields);
  const failed = new Set<string>();
  const goesOn = (index: number, chosen: Membership): boolean => {
    const field = alternative[index];
    if (field === undefined) return true;
    const known = project(chosen, later[index] as ReadonlySet<number>);
    const key = `${index}:${[...known].sort(([a], [b]) => a - b).join(";")}`;
    if (failed.has(key)) return false;
    if (isAbsent(field, fields, known) && goesOn(index + 1, known)) return true;
    for (const { membership } of candidates[index] as readonly Occurrence[]) {
      if (isConsistent(known, membership) && goesOn(index + 1, membership.size === 0 ? known : new Map([...known, ...membership])))
        return true;
    }
    failed.add(key);
    return false;
  };
  return goesOn(0, noMembership);
}

/** For each field, the arrays that it or a later one touches. */
function arraysFrom(alternative: Alternative, fields: Fields): ReadonlySet<number>[] {
  const sets: Set<number>[] = [];
  let after = new Set<number>();
  for (let index = alternative.length - 1; index >= 0; index--) {
    after = new Set(after);
    for (const { membership } of fields.get((alternative[index] as FieldPattern).path) ?? none)
      for (const id of membership.keys()) after.add(id);
    sets[index] = after;
  }
  return sets;
}

function project(chosen: Membership, arrays: ReadonlySet<number>): Membership {
  if (chosen.size === 0) return chosen;
  return new Map([...chosen].filter(([id]) => arrays.has(id)));
}

function isConsistent(chosen: Membership, membership: Membership): boolean {
  for (const [id, index] of membership) if ((chosen.get(id) ?? index) !== index) return false;
  return true;
}

function isAbsent(field: FieldPattern, fields: Fields, chosen: Membership): boolean {
  return asksAbsence(field) && !(fields.get(field.path) ?? none).some(({ membership }) => isConsistent(chosen, membership));
}
