import { expect, test } from "vitest";
import { explain } from "./explain.ts";
import { mayRetry, Problem, parseProblem } from "./problem.ts";
import { words as common } from "./words/en.ts";
import { problems } from "./words/problems-en.ts";

const words = { ...common, problems };

test("a problem is known by the last part of its type", () => {
  const problem = parseProblem(410, { type: "urn:serverlesspresso:problem:code-expired", detail: "Over." }, null);
  expect(problem).toMatchObject({ type: "code-expired", status: 410, message: "Over." });
  expect(parseProblem(400, { __type: "com.amazonaws#CodeMismatchException", message: "No." }, null).type).toBe("CodeMismatchException");
  expect(parseProblem(503, undefined, "7")).toMatchObject({ type: "", retryAfterMs: 7000 });
});

test.each([
  { error: new TypeError("cut off"), retry: true },
  { error: new Problem("internal-error", 500, ""), retry: true },
  { error: new Problem("too-many-requests", 429, ""), retry: true },
  { error: new Problem("order-busy", 409, ""), retry: false },
  { error: new Problem("shop-closed", 503, ""), retry: false },
  { error: new Problem("no-drinks-left", 429, ""), retry: false },
  { error: new Problem("too-many-wrong-codes", 429, ""), retry: false },
])("$error.type may be sent again: $retry", ({ error, retry }) => expect(mayRetry(error)).toBe(retry));

test("a failure is told in the reader's words, else the server's, never as a bare status", () => {
  expect(explain(new Problem("no-drinks-left", 429, "None."), words)).toBe(words.problems["no-drinks-left"]);
  expect(explain(new Problem("brand-new", 400, "The server's words."), words)).toBe("The server's words.");
  expect(explain(new Problem("", 502, "HTTP 502"), words)).toBe(words.unexpected);
  expect(explain(new Problem("constructor", 400, "x"), words)).toBe("x");
  expect(explain(new TypeError("x"), words)).toBe(words.unreachable);
});
