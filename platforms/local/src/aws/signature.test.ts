import { expect, test } from "vitest";
import { createSigner, type SignedParts, sha256 } from "./signature.ts";

/** Of AWS's documents: a signature's calculation, step by step. */
const published: SignedParts = {
  method: "GET",
  path: "/",
  query: "Action=ListUsers&Version=2010-05-08",
  headers: [
    ["content-type", "application/x-www-form-urlencoded; charset=utf-8"],
    ["host", "iam.amazonaws.com"],
    ["x-amz-date", "20150830T123600Z"],
  ],
  bodyHash: sha256(""),
  date: "20150830T123600Z",
  scope: { day: "20150830", region: "us-east-1", service: "iam" },
};
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

test("the published example", () => {
  expect(createSigner(secret).sign(published)).toBe("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
});

test("a key that was derived before, and one that was forgotten for others, sign alike", () => {
  const signer = createSigner(secret);
  const scopes = Array.from({ length: 100 }, (_, n) => ({ ...published.scope, service: `service-${n}` }));
  const signatures = (): string[] => scopes.map((scope) => signer.sign({ ...published, scope }));
  const fresh = scopes.map((scope) => createSigner(secret).sign({ ...published, scope }));
  expect(signatures()).toEqual(fresh);
  expect(signatures()).toEqual(fresh);
});

test.each([
  { name: "spaces at its ends", value: "  a b ", same: "a b" },
  { name: "runs of spaces", value: "a   b", same: "a b" },
  { name: "a tab", value: "a\tb", same: "a b" },
])("a header's value with $name is signed as one without", ({ value, same }) => {
  const signer = createSigner(secret);
  const withValue = (text: string): string => signer.sign({ ...published, headers: [["host", text]] });
  expect(withValue(value)).toBe(withValue(same));
});
