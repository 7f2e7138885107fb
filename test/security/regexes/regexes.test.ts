/** RELIABILITY 39: none of the project's regular expressions takes more than linear time. The judge is recheck; it takes a minute, so its verdicts are kept: `npm run regexes` adds
 * those of new ones, which are judged here each time until then. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { excused } from "./excused.ts";
import { extractRegexes } from "./extract.ts";
import { faultOf } from "./judge.ts";

const { literals, made } = extractRegexes();
const judged = new Set(JSON.parse(readFileSync(join(import.meta.dirname, "judged.json"), "utf8")) as string[]);

test("RELIABILITY 39: recheck finds every regular expression linear, or it is said why it is where it stands", async () => {
  expect(literals.size).toBeGreaterThan(200);
  const faults: string[] = [];
  for (const written of literals.keys()) {
    const fault = judged.has(written) ? undefined : await faultOf(written);
    if (fault !== undefined) faults.push(fault);
  }
  expect(faults).toEqual([]);
  expect([...excused.keys()].filter((written) => !literals.has(written))).toEqual([]);
}, 120_000);

/**
 * They are made of the project's own names, with every character that means something escaped or none in them; `linear-regex.ts` makes those that definitions
 * write anew, in a thread that the evaluator ends (states-language.V2).
 */
test("RELIABILITY 39: those that are made of texts are these", () => {
  expect(made).toEqual({
    "packages/identity/src/srp-sign-in.ts": 1,
    "packages/logs/src/filter/fields-pattern.ts": 1,
    "packages/states-language/evaluator/linear-regex.ts": 2,
    "packages/states-language/src/templates.ts": 1,
    "platforms/local/src/aws/credentials.ts": 2,
    "platforms/local/src/aws/rest-protocol.ts": 1,
  });
});
