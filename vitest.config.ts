import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

/** Where the servers that tests start keep their compiled code: each starts in half the processor time. */
export const compileCache = join(import.meta.dirname, "node_modules/.cache/serverlesspresso-compiled");

export default defineConfig({
  test: {
    include: ["**/*.test.ts", "**/*.test.tsx"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Much of the time goes in waiting, for a disk, a process or a browser: two files at once even on two processors.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    globalSetup: ["./test/before-all.ts"],
    env: { NODE_COMPILE_CACHE: compileCache },
    // Ends what would never end. Nothing is measured by these: a busy machine may take its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
