/** The published suites and which of our programs answers each. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

export interface Suite {
  readonly name: "asl" | "patterns" | "validation" | "teststate";
  readonly adapter: string;
  readonly grader: string;
}

const here = import.meta.dirname;
/** Where the cases lie. They are other people's data and stay there. */
export const casesFolder = resolve(process.env.CONFORMANCE_DIR ?? join(here, "../../shared/conformance"));

const adapters: Readonly<Record<Suite["name"], string>> = {
  asl: "asl-adapter.ts",
  patterns: "patterns-adapter.ts",
  validation: "asl-validation-adapter.ts",
  teststate: "asl-teststate-adapter.ts",
};

export const suites: readonly Suite[] = (Object.keys(adapters) as Suite["name"][]).map((name) => ({
  name,
  adapter: join(here, adapters[name]),
  grader: join(casesFolder, `grade-${name}.mjs`),
}));

/** Whether the cases are there. */
export const hasCases = suites.every(({ grader }) => existsSync(grader));
