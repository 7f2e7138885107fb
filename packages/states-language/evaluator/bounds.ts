/**
 * What JSONata's own functions are handed. Some are one step of V8's on their whole argument, which neither a deadline nor a watch on memory can end, and
 * of which a large enough array ends the whole process: `$split` of 2^28 characters, `$length`, which counts them in an array, `$append` of itself.
 */
import jsonata from "jsonata";

/** Characters of a text; no payload may be this long. */
export const longestText = 2_000_000;
/** Members of an array; as many as a sequence may have. */
const longestArray = 1_000_000;

/** All of JSONata 2's, but those that `functions.ts` replaces or takes away; a test compares. */
export const ownFunctions = (
  "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim match contains replace split join " +
  "formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power boolean not map zip filter single reduce sift keys lookup " +
  "append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl " +
  "decodeUrlComponent decodeUrl toMillis fromMillis clone"
).split(" ");

/** As JSONata keeps a function; its types leave it out. */
interface OwnFunction {
  readonly implementation: (this: unknown, ...values: unknown[]) => unknown;
}

/** JSONata's functions, each of which first looks at what it is handed. */
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
  // By it JSONata tells how much `$map` and its like hand on.
  Object.defineProperty(guarded, "length", { value: implementation.length });
  return { ...own, implementation: guarded };
}

/** @throws D3137, for which alone JSONata keeps our words, for a text of more than 2,000,000 characters and an array of more than 1,000,000 members */
export function refuseLong(what: string, value: unknown): void {
  if (typeof value === "string" && value.length > longestText) throw failure("D3137", `${what} is longer than ${longestText} characters`);
  if (Array.isArray(value) && value.length > longestArray) throw failure("D3137", `${what} has more than ${longestArray} members`);
}

export function failure(code: string, message: string): Error & { code: string } {
  return Object.assign(new Error(message), { code });
}
