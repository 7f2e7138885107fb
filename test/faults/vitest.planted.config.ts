import { join } from "node:path";
import { defineConfig, mergeConfig } from "vitest/config";
import suite from "../../vitest.config.ts";
import { plantedSource } from "./planting.ts";

/** The suite's own configuration, over planted sources; so are those of the processes that its tests start. */
export default mergeConfig(
  suite,
  defineConfig({
    root: join(import.meta.dirname, "../.."),
    plugins: [{ name: "plant", enforce: "pre", transform: (code, id) => plantedSource(id.split("?")[0] ?? id, code) }],
    test: {
      env: { NODE_OPTIONS: `--import=${join(import.meta.dirname, "plant-loader.ts")}` },
      // With a fault in it, what is waited for may never come.
      testTimeout: 20_000,
      expect: { poll: { timeout: 5_000 } },
    },
  }),
);
