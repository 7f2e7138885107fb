/**
 * Bundles of the functions, as stacks and tests take them: `index.mjs` that exports `handler`.
 *
 * B1. One file holds all that the function uses, the AWS SDK included only as used: what runs is what was tested, whatever Lambda's own
 *     copy of the SDK is.
 * B2. Nothing in it depends on the processor. It is an ES module for Node 24.
 * B3. The same sources give the same bytes.
 */
import { join } from "node:path";
import { rolldown } from "rolldown";
import { runtimeFunctions } from "./runtime/functions.ts";

const runtime = join(import.meta.dirname, "runtime");

/**
 * Bundles one function into `outFolder`.
 * @returns the size of the bundle in bytes
 * @throws {RangeError} where `runtimeFunctions` has no such name; the bundler's own error where an import leads nowhere
 */
export async function bundleFunction(name: string, outFolder: string): Promise<number> {
  const fn = runtimeFunctions.find((one) => one.name === name);
  if (fn === undefined) throw new RangeError(`function "${name}": runtime/functions.ts does not list it`);
  const bundle = await rolldown({
    input: { index: join(runtime, "functions", fn.entry) },
    platform: "node",
    // ES modules before CommonJS: only they can be cut down to what is used.
    resolve: {
      mainFields: ["module", "main"],
      conditionNames: ["module", "import", "node", "default"],
      alias: { "@aws-sdk/credential-provider-node": join(runtime, "lambda-credentials.ts") },
    },
    transform: { target: "node24" },
    treeshake: true,
    logLevel: "silent",
  });
  try {
    const { output } = await bundle.write({
      dir: outFolder,
      format: "esm",
      entryFileNames: "index.mjs",
      codeSplitting: false,
      minify: true,
      keepNames: true,
    });
    const [chunk] = output;
    return Buffer.byteLength(chunk.code);
  } finally {
    await bundle.close();
  }
}
