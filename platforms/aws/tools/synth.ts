/** `npm run synth`: writes the stacks as CloudFormation templates to `platforms/aws/cdk.out`. Needs no credentials and no network. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Blueprint } from "@serverlesspresso/blueprint";
import { runCommand, synth } from "@serverlesspresso/commands";
import { bundleFunction } from "../src/bundle.ts";
import { runtimeFunctionsOf } from "../src/runtime/functions.ts";
import { barOf, type DeploymentSettings, deploymentOf } from "../src/settings.ts";
import { createShopApp } from "../src/shop-app.ts";

const packageFolder = join(import.meta.dirname, "..");
/** The folder of the templates. */
export const cloudAssembly = join(packageFolder, "cdk.out");
const bundles = join(packageFolder, "dist");

/** Bundles the functions, writes the templates and prints a summary. The apps must be built already. */
export async function synthesize(blueprint: Blueprint, settings: DeploymentSettings, log: (line: string) => void): Promise<void> {
  rmSync(cloudAssembly, { recursive: true, force: true });
  const sizes: number[] = [];
  const { bar } = blueprint.names;
  for (const { name } of runtimeFunctionsOf(blueprint)) sizes.push(await bundleFunction(name, join(bundles, name), { bar }));
  const { stacks } = createShopApp({
    ...settings,
    blueprint,
    codeOf: ({ name }) => join(bundles, name),
    appsFolder: join(packageFolder, "../../apps/dist"),
    outdir: cloudAssembly,
  }).synth();
  for (const { stackName, template } of stacks) {
    log(`${stackName.padEnd(26)} ${Object.keys((template as { readonly Resources: object }).Resources).length} resources`);
  }
  sizes.sort((a, b) => a - b);
  const kilobytes = (bytes = 0): string => `${Math.round(bytes / 1000)} kB`;
  log(`${sizes.length} functions, ${kilobytes(sizes[0])} to ${kilobytes(sizes.at(-1))} each, unzipped`);
  log(`Templates in ${cloudAssembly}`);
}

if (import.meta.main) await runCommand(synth, ({ values }) => synthesize(barOf(values), deploymentOf(values), console.log));
