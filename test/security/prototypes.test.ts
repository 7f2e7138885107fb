/** RELIABILITY 34: no input reaches a prototype; the shop runs without `__proto__`, and would stand without that, too. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../../tools/install.mjs";
import { shopFlags } from "../../tools/shop-flags.mjs";

const child = join(import.meta.dirname, "prototypes.child.ts");

test.concurrent.each([
  { name: "as `npm start` runs it", flags: shopFlags, hasProto: false },
  { name: "with `__proto__` left in", flags: [], hasProto: true },
])(
  "RELIABILITY 34: after the fuzz of every door nothing global has changed: $name",
  async ({ flags, hasProto }) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, child]);
    expect(JSON.parse(stdout)).toEqual({ inputs: expect.any(Number), failures: 0, status: 200, poisoned: "", hasProto });
  },
  60_000,
);

test("RELIABILITY 34: these are the flags of `npm start`, and `__proto__` goes by them", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
  expect(scripts.start).toBe("node tools/start.mjs");
  expect(readFileSync(join(root, "tools/start.mjs"), "utf8")).toContain("runWithNode([...shopFlags,");
  expect(shopFlags).toContain("--disable-proto=delete");
});
