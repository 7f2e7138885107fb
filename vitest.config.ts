import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";
import { quickFiles } from "./test/quick.ts";
import { sourceChecks } from "./test/source-checks.ts";

/** Where the servers that tests start keep their compiled code: each starts in half the processor time. */
export const compileCache = join(import.meta.dirname, "node_modules/.cache/serverlesspresso-compiled");

const exclude = ["**/node_modules/**", "**/dist/**"];
const quick = quickFiles(import.meta.dirname);
const sources = sourceChecks(import.meta.dirname);

export default defineConfig({
  test: {
    // Much of the time goes in waiting, for a disk, a process or a browser: two files at once even on two processors.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    env: { NODE_COMPILE_CACHE: compileCache },
    // Ends what would never end. Nothing is measured by these: a busy machine may take its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "whole",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: [...exclude, ...quick, ...sources],
          globalSetup: ["./test/before-all.ts"],
        },
      },
      // A process of its own for each of them would cost more than most of them do.
      { extends: true, test: { name: "quick", include: quick, exclude, isolate: false } },
      { extends: true, test: { name: "sources", include: sources, exclude, isolate: false } },
    ],
  },
});
