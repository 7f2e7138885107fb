/** Runs `npm run asl` as anyone would, in a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { JsonValue } from "@serverlesspresso/ports";

const root = join(import.meta.dirname, "../..");

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** File names are taken from `folder`, the repository's by default. */
export function asl(words: readonly string[], folder = root): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "tools/asl/main.ts"), ...words], {
    encoding: "utf8",
    cwd: root,
    env: { ...process.env, INIT_CWD: folder },
  });
  return { status, stdout, stderr };
}

/** What the tests look at in the JSON of one case. */
export interface CaseJson {
  readonly case: string;
  readonly status: string;
  readonly error?: string;
  readonly output?: JsonValue;
  readonly seconds: number;
  readonly path: readonly { readonly state: string; readonly type: string; readonly attempts: readonly unknown[] }[];
  readonly calls: readonly { readonly state: string; readonly parameters: JsonValue }[];
}

/** The states that do something, in order; how often a task was tried, where more than once. */
export function walked({ path }: CaseJson): string {
  return path
    .filter(({ type }) => type !== "Choice")
    .map(({ state, attempts }) => (attempts.length > 1 ? `${state} x${attempts.length}` : state))
    .join(" > ");
}
