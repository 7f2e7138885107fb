/** The table of calls in docs/spec.md section 4 and the blueprint say the same of who may call. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { blueprint } from "@serverlesspresso/blueprint";
import type { RouteBlueprint } from "@serverlesspresso/services/resources.ts";
import { expect, test } from "vitest";
import { root } from "../../tools/install.mjs";

/** What the specification calls it. Whose order it is, a function finds out: its route is for all who are signed in. */
const whoByWords: Readonly<Record<string, RouteBlueprint["who"]>> = {
  public: "public",
  admin: "admin",
  operator: "operator",
  "signed in": "signedIn",
  "owner or admin": "signedIn",
  "see below": "signedIn",
};

/** Each call of the table as `GET /config`, with the words for who may. */
function specifiedCalls(): { readonly call: string; readonly words: string }[] {
  const [, section = ""] = /^## 4\. HTTP API\n([\s\S]*?)^## /m.exec(readFileSync(join(root, "docs/spec.md"), "utf8")) ?? [];
  const rows = section.split("\n").map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  return rows.flatMap(([, calls = "", words = ""]) =>
    [...calls.matchAll(/`((?:GET|PUT|POST) [^?`]+)/g)].map(([, call = ""]) => ({ call, words })),
  );
}

test("RELIABILITY 1: each call of the specification is a route for those whom it names", () => {
  const calls = specifiedCalls();
  expect(calls.length).toBeGreaterThan(10);
  const whoOf = new Map(blueprint.routes.map(({ method, path, who }) => [`${method} ${path}`, who]));
  expect(calls.filter(({ call, words }) => whoByWords[words] === undefined || whoOf.get(call) !== whoByWords[words])).toEqual([]);
});
