import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { redact } from "./index.ts";

/** What the scans mean, as regular expressions: shorter, and some take a hundred steps for a letter. */
const names =
  "TaskToken|AccessToken|IdToken|RefreshToken|access_token|id_token|refresh_token|password|ProposedPassword|PreviousPassword|ConfirmationCode|SecretHash|client_secret|SecretAccessKey";
const member = new RegExp(`((?:${names})\\\\{0,16}"\\s{0,4}:\\s{0,4}\\\\{0,16}")[^"\\\\]+`, "gi");
const parameter = /([?&](?:token|code|access_token|id_token|refresh_token|X-Amz-Signature|X-Amz-Security-Token)=)[^&\s"'\\]+/gi;
const webToken = /(?<![\w-])([\w-]{0,32}?)\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const credential = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
const longToken = /[\w-]{56,}|[\w+/-]{160,}={0,2}/g;

function meaning(line: string): string {
  return line
    .replace(member, "$1[redacted]")
    .replace(webToken, "$1[redacted]")
    .replace(credential, "$1 [redacted]")
    .replace(parameter, "$1[redacted]")
    .replace(longToken, (run) => (/[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run) ? "[redacted]" : run));
}

const runOf = (letters: string, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: most });
/** Everything that any of the scans looks at, often, and everything else, seldom. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names.split("|"), "tasktoken", "PASSWORD", "xpassword", "IdTokenPassword") },
  { weight: 6, arbitrary: fc.constantFrom('"', '":"', '": "', '\\":\\"', '\\\\"', ":", " : ", "     ", "\\".repeat(16), "\\".repeat(17)) },
  { weight: 4, arbitrary: fc.constantFrom("?", "&", "=", "?token=", "&code=", "?X-Amz-Signature=", "&ID_TOKEN=", "'", "\n", "\u00a0") },
  { weight: 4, arbitrary: fc.constantFrom("eyJ", "-eyJ", "eyJabcdefgh", "eyJabcdefgh.abcdefgh", ".", ".abcdefgh", "-", "abcdefgh") },
  { weight: 4, arbitrary: fc.constantFrom("Bearer ", "bearer", "Basic\t", "BASIC  ", " Bearer\u2003", "xBearer ", "~", "+abcdefg/") },
  { weight: 4, arbitrary: runOf("aB3_-", 70) },
  { weight: 2, arbitrary: runOf("aB3_-", 200) },
  { weight: 2, arbitrary: runOf("aB3+/", 170) },
  { weight: 2, arbitrary: fc.constantFrom("a".repeat(55), "B3".repeat(28), `${"aB".repeat(40)}+${"3c/".repeat(40)}`, "==", "=") },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);
const line = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join("")) },
  { weight: 1, arbitrary: fc.array(piece, { maxLength: 8 }).map((pieces) => JSON.stringify({ body: pieces.join(""), password: pieces })) },
);
const numRuns = Number(process.env.REDACT_RUNS ?? 5_000);

test("D1, D2: the scans mean what the regular expressions say", () => {
  fc.assert(
    fc.property(line, (text) => void expect(redact(text)).toBe(meaning(text))),
    { numRuns },
  );
});

describe("D3: steps", () => {
  afterEach(() => vi.restoreAllMocks());

  /** How many letters are looked at one by one; what goes over more at once goes over none twice. */
  function stepsOf(text: string): number {
    const looked = vi.spyOn(String.prototype, "charCodeAt");
    redact(text);
    const { length } = looked.mock.calls;
    looked.mockRestore();
    return length;
  }

  test.each([
    ['TaskToken\\\\\\\\":'],
    ["eyJ"],
    ["-eyJ"],
    ["eyJaaaaaaaa-"],
    ["eyJaaaaaaaa."],
    ["a"],
    [`${"a".repeat(55)} `],
    [` ${"a".repeat(55)}`],
    [`${"a".repeat(55)}/`],
    ["aB3+"],
    ['password":'],
    ['"password" : "'],
    ['\\\\\\\\" : \\\\\\\\"'],
    ["Bearer "],
    ["Basic          "],
    ["bbbb "],
    ["?token="],
    ["?&"],
  ])("of many times %j are in proportion to its length", (part) => {
    const [once, tenTimes] = [2_000, 20_000].map((length) => stepsOf(part.repeat(Math.ceil(length / part.length)))) as [number, number];
    expect(tenTimes).toBeLessThan(once * 11);
    expect(once).toBeLessThan(2_000 * 16);
  });
});
