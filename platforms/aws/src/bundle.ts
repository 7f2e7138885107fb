/**
 * Bundles of the functions, as stacks and tests take them: `index.mjs` that exports `handler`.
 *
 * B1. One file holds all that the function uses, the AWS SDK included only as used: what runs is what was tested, whatever Lambda's own
 *     copy of the SDK is.
 * B2. Nothing in it depends on the processor. It is an ES module for Node 24.
 * B3. The same sources give the same bytes.
 * B4. The entry of a service's function is made here, from what its service declares; no file of it exists.
 */
import { join } from "node:path";
import { type Blueprint, blueprintOf } from "@serverlesspresso/blueprint";
import { namesOf } from "@serverlesspresso/contract";
import { services as allServices } from "@serverlesspresso/services";
import type { Service } from "@serverlesspresso/services/declaration.ts";
import { type Plugin, rolldown } from "rolldown";
import { entrySource } from "./entry-source.ts";
import { leanBundle } from "./lean-bundle.ts";
import { type RuntimeFunction, runtimeFunctionsOf } from "./runtime/functions.ts";

const runtime = join(import.meta.dirname, "runtime");

/** What is bundled, in place of the first bar with all its services. */
export interface BundleOptions {
  readonly services?: readonly Service[];
  readonly bar?: string | undefined;
}

/**
 * Bundles one function into `outFolder`.
 * @param name as in the account
 * @returns the size of the bundle in bytes
 * @throws {RangeError} where no function has that name; the bundler's own error where an import leads nowhere
 */
export async function bundleFunction(
  name: string,
  outFolder: string,
  { services = allServices, bar }: BundleOptions = {},
): Promise<number> {
  const blueprint = blueprintOf(services, namesOf(bar));
  const fn = runtimeFunctionsOf(blueprint).find((one) => one.name === name);
  if (fn === undefined) throw new RangeError(`function "${name}": runtime/functions.ts does not list it`);
  const bundle = await rolldown({
    input: { index: fn.entry === undefined ? entryId : join(runtime, "functions", fn.entry) },
    plugins: pluginsOf(fn, blueprint, services),
    platform: "node",
    // ES modules before CommonJS: only they can be cut down to what is used.
    resolve: {
      mainFields: ["module", "main"],
      conditionNames: ["module", "import", "node", "default"],
      alias: { "@aws-sdk/credential-provider-node": join(runtime, "lambda-credentials.ts") },
    },
    transform: { target: "node24", define: { "process.env.BAR": bar === undefined ? "undefined" : JSON.stringify(bar) } },
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

const entryId = "serverlesspresso:entry";

function pluginsOf({ name, service, entry, calls }: RuntimeFunction, blueprint: Blueprint, services: readonly Service[]): Plugin[] {
  if (entry !== undefined) return [leanBundle(services, undefined)];
  const owner = services.find((one) => one.name === service);
  const fn = blueprint.functions.find((one) => one.name === name);
  if (owner === undefined || fn === undefined) throw new RangeError(`function "${name}": no service "${service}" has it`);
  return [entryPlugin(entrySource(owner, fn, calls)), leanBundle(services, fn.shortName)];
}

/** B4. */
function entryPlugin(code: string): Plugin {
  return {
    name: "serverlesspresso-entry",
    resolveId: (id) => (id === entryId ? { id } : null),
    load: (id) => (id === entryId ? { code, moduleType: "js" } : null),
  };
}
