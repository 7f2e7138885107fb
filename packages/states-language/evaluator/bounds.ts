/**
 * Bounds the arguments of JSONata's own functions. Some of them are one step of V8 on the whole argument. Neither a deadline nor a watch on memory ends
 * such a step, and a large enough array ends the whole process: `$split` of 2^28 characters, `$length` (it counts in an array), `$append` of an array to itself.
 */
import jsonata from "jsonata";

/** The longest text, in UTF-16 code units; more than any payload may have. */
export const longestText = 2_000_000;
/** The most members of an array; as many as a sequence may have. */
const longestArray = 1_000_000;

/** The names of JSONata 2's functions, except those that `functions.ts` replaces or removes; a test compares them. */
export const ownFunctions = (
  "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim match contains replace split join " +
  "formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power boolean not map zip filter single reduce sift keys lookup " +
  "append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl " +
  "decodeUrlComponent decodeUrl toMillis fromMillis clone"
).split(" ");

/** How JSONata keeps a function; its types leave this out. */
interface OwnFunction {
  readonly implementation: (this: unknown, ...values: unknown[]) => unknown;
}

/** Resolves to JSONata's functions by name. Each throws D3137 if an argument is too long (`refuseLong`). */
export async function boundedFunctions(): Promise<ReadonlyMap<string, OwnFunction>> {
  const found = await Promise.all(
    ownFunctions.map(async (name) => [name, (await jsonata(`$${name}`).evaluate(undefined)) as OwnFunction] as const),
  );
  return new Map(found.map(([name, own]) => [name, bounded(name, own)]));
}

function bounded(name: string, own: OwnFunction): OwnFunction {
  const { implementation } = own;
  function guarded(this: unknown, ...values: unknown[]): unknown {
    for (const value of values) refuseLong(`An argument of $${name}`, value);
    return implementation.apply(this, values);
  }
  // JSONata reads `length` to decide how many arguments `$map` and similar functions pass.
  Object.defineProperty(guarded, "length", { value: implementation.length });
  return { ...own, implementation: guarded };
}

/**
 * Refuses a value that is too long.
 * @param what names the value in the message
 * @throws D3137, the one code for which JSONata keeps our message, for a text of more than 2,000,000 characters or an array of more than 1,000,000 members
 */
export function refuseLong(what: string, value: unknown): void {
  if (typeof value === "string" && value.length > longestText) throw failure("D3137", `${what} is longer than ${longestText} characters`);
  if (Array.isArray(value) && value.length > longestArray) throw failure("D3137", `${what} has more than ${longestArray} members`);
}

/** Returns an error as JSONata's own functions throw it: with a `code`. */
export function failure(code: string, message: string): Error & { code: string } {
  return Object.assign(new Error(message), { code });
}
