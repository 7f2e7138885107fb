import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { allowLinearRegexes, LinearRegex } from "./linear-regex.ts";

beforeAll(allowLinearRegexes);

const isLinear = (written: RegExp): boolean => LinearRegex(written).flags.includes("l");

/** All that JSONata reads of each match: place, captures, named groups, and where the next one begins. */
function matchesOf(regex: RegExp, text: string): unknown[] {
  regex.lastIndex = 0;
  const found: unknown[] = [];
  for (let match = regex.exec(text); match && found.length < 20; match = regex.exec(text)) {
    found.push([match.index, [...match], { ...match.groups }, regex.lastIndex]);
    if (match[0] === "") regex.lastIndex++;
  }
  return found;
}

test.each([/(?=a)b/g, /(a)\1/g, /(?<=a)b/g, /(a{1,30}){1,30}/g])("%s stays on the ordinary engine", (written) => {
  expect(isLinear(written)).toBe(false);
  expect(LinearRegex(written)).toEqual(written);
});

test.each([/^(a+)+$/g, /(a|aa)+$/g, /(a*)*b$/g])("%s is linear", (written) => {
  expect(isLinear(written)).toBe(true);
  const from = process.threadCpuUsage();
  expect(LinearRegex(written).test(`${"a".repeat(20_000)}c`)).toBe(false);
  expect(process.threadCpuUsage(from).user / 1_000).toBeLessThan(1_000);
});

test("both engines find the same matches, captures and groups", () => {
  const { source } = fc.letrec<{ source: string; term: string; atom: string; group: string }>((tie) => ({
    source: fc.array(tie("term"), { maxLength: 3 }).map((terms) => terms.join("")),
    term: fc.tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}")).map((parts) => parts.join("")),
    atom: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\w", "\\s", "é", "(?:^)", "(?:$)", "(?:\\b)", "(?:\\B)"),
      tie("group"),
    ),
    group: fc.oneof(
      tie("source").map((inner) => `(${inner})`),
      fc.tuple(tie("source"), tie("source")).map(([one, other]) => `(?:${one}|${other})`),
    ),
  }));
  const text = fc.string({ maxLength: 10, unit: fc.constantFrom("a", "b", "A", "\n", " ", "1", "é", "😂") });
  let compared = 0;
  fc.assert(
    fc.property(
      source,
      fc.boolean(),
      fc.constantFrom("g", "gi", "gm", "gim"),
      fc.array(text, { minLength: 4, maxLength: 4 }),
      (inner, named, flags, texts) => {
        const ordinary = new RegExp(named ? `(?<n>${inner})` : inner, flags);
        if (!isLinear(ordinary)) return;
        compared++;
        for (const one of texts) expect(matchesOf(LinearRegex(ordinary), one)).toEqual(matchesOf(ordinary, one));
      },
    ),
    // The same ones each time: among others may be one for which the ordinary engine takes hours.
    { numRuns: 2_000, seed: 38 },
  );
  expect(compared).toBeGreaterThan(500);
});
