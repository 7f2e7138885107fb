/** An operation that AWS has and a service here has not. */
export interface Absence {
  readonly kind: "absent";
  /** Why, as the second part of a sentence: `there are no roles`. */
  readonly reason: string;
}

/**
 * Returns entries for operations that AWS has and a service here has not: `...absent("there are no roles", ["AssumeRole"])`.
 * They stand last in their object, so that an operation that is answered and still named here does not compile.
 */
export function absent<const Name extends string>(reason: string, names: readonly Name[]): Readonly<Record<Name, Absence>>;
export function absent(reason: string, names: readonly string[]): Readonly<Record<string, Absence>> {
  return Object.fromEntries(names.map((name): [string, Absence] => [name, { kind: "absent", reason }]));
}
