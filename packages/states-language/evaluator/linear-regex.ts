/**
 * Regular expressions in time linear in the text, by V8's engine of that kind, which must be switched on before a thread asks for it. It refuses
 * lookaround, back references and large repetitions; those run on the ordinary engine, under the evaluator's deadline (V2).
 * Both engines answer the same: `linear-regex.test.ts` compares them.
 */
import { setFlagsFromString } from "node:v8";
import { failure } from "./bounds.ts";

/** The longest source, in UTF-16 code units: V8 cannot be interrupted while it compiles, and 180 kB took 10 s and 9 GB. */
const longestSource = 1_000;

/** Enables the flag `l` in every thread of this process. Flags are the process's, so a worker's `execArgv` cannot carry this one. */
export function allowLinearRegexes(): void {
  setFlagsFromString("--enable-experimental-regexp-engine");
}

/**
 * JSONata's `RegexEngine`: called with `new` on each regular expression of an expression.
 * @throws D3137 if it is longer than 1,000 characters
 */
export function LinearRegex(written: RegExp): RegExp {
  const { length } = written.source;
  if (length > longestSource)
    throw failure("D3137", `a regular expression of ${length} characters, of which at most ${longestSource} are taken`);
  try {
    return new RegExp(written.source, `${written.flags}l`);
  } catch {
    return new RegExp(written.source, written.flags);
  }
}
