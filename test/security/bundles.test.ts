/** RELIABILITY 44. The functions as they go to AWS. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { expect, test } from "vitest";
import { runtimeFunctions } from "../../platforms/aws/src/runtime/functions.ts";
import { root } from "../../tools/install.mjs";
import { bundleOf } from "../lambda/support/bundles.ts";
import { leftBehind, secretsIn } from "./secrets.ts";

test("what a bundle must not hold is known when it is seen", () => {
  expect(leftBehind('import{test}from"vitest"//# sourceMappingURL=x.map a.test.ts')).toHaveLength(3);
});

// Bundles are made once for all suites; the first to ask for one waits for it.
test.each(runtimeFunctions.map(({ name }) => name))(
  "RELIABILITY 44: the bundle of %s holds no secret, no source map and no test",
  async (name) => {
    const file = await bundleOf(name);
    expect(readdirSync(dirname(file))).toEqual(["index.mjs"]);
    const bundle = readFileSync(file, "utf8");
    expect([leftBehind(bundle), await secretsIn(relative(root, file), bundle)]).toEqual([[], []]);
  },
);
