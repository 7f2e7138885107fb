/** Synthesizes the shop's stacks for tests, with stubs in place of bundles and apps: templates contain only their hashes. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Templates } from "../src/checks/index.ts";
import { createShopApp, type ShopOptions } from "../src/shop-app.ts";

/** One finding of cdk-nag on one construct. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
}
/** The templates, and the findings of cdk-nag. */
export interface Synthesis {
  readonly templates: Templates;
  readonly violations: readonly Violation[];
}

/** Synthesizes the shop. @param withNag also runs cdk-nag, which takes some seconds */
export function synthesize(options: Partial<ShopOptions> = {}, withNag = false): Synthesis {
  const folder = mkdtempSync(join(tmpdir(), "shop-"));
  const outdir = join(folder, "out");
  const exitCode = process.exitCode;
  try {
    const app = createShopApp({ codeOf: () => stubs(folder), appsFolder: stubs(folder), outdir, ...options });
    if (withNag) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const failure = quietly(() => attempt(() => app.synth()));
    if (failure !== undefined && !withNag) throw failure;
    return { templates: readTemplates(outdir), violations: withNag ? readViolations(join(outdir, "validation-report.json")) : [] };
  } finally {
    // CDK sets the exit code for findings; the tests look at each finding instead.
    process.exitCode = exitCode;
    rmSync(folder, { recursive: true, force: true });
  }
}

function attempt(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

function readTemplates(outdir: string): Templates {
  const files = readdirSync(outdir).filter((name) => name.endsWith(".template.json"));
  return Object.fromEntries(
    files.map((name) => [
      name.slice(0, -".template.json".length),
      JSON.parse(readFileSync(join(outdir, name), "utf8")) as Templates[string],
    ]),
  );
}

function stubs(folder: string): string {
  const stub = join(folder, "stub");
  for (const page of ["order", "assets"]) mkdirSync(join(stub, page), { recursive: true });
  writeFileSync(join(stub, "index.mjs"), "export const handler = async () => {};\n");
  writeFileSync(join(stub, "order", "index.html"), "<!doctype html>\n");
  writeFileSync(join(stub, "assets", "order-12345678.js"), "\n");
  return stub;
}

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

function readViolations(file: string): Violation[] {
  const { pluginReports } = JSON.parse(readFileSync(file, "utf8")) as Report;
  return pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, path: constructPath })),
    ),
  );
}

/** Runs without CDK's report on the terminal. */
function quietly<T>(run: () => T): T {
  const write = process.stderr.write;
  process.stderr.write = () => true;
  try {
    return run();
  } finally {
    process.stderr.write = write;
  }
}
