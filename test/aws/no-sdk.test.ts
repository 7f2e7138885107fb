import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test("what a start loads knows nothing of the AWS SDK", () => {
  const files = globSync("{contract,ports,blueprint,services,packages,platforms/local}/**/*.ts", {
    cwd: root,
    exclude: (path) => path.includes("node_modules"),
  });
  expect(files.filter((file) => /from "@(aws-sdk|smithy)\//.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});
