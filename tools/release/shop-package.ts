/** The bar as `npx serverlesspresso` runs it: its JavaScript, the built apps, the workflows' definitions. */
import { copyFileSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "vite";
import { root } from "../install.mjs";
import { writeJavaScript } from "./javascript.ts";
import { commonMembers, project, rangesOf } from "./manifest.ts";
import { shopCommands, withReleaseCalls } from "./shop-commands.ts";

/** Writes the package into the folder `to`, which it replaces. */
export async function writeShopPackage(to: string): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  const entries = [...new Set(Object.values(shopCommands).map(({ file }) => file))];
  const { imports } = await writeJavaScript({ from: root, entries, to, edit: withReleaseCalls });
  await buildApps(to);
  // Messages name documents.
  for (const file of globSync(["{blueprint,services}/**/*.asl.json", "docs/*.md", "CHANGELOG.md"], { cwd: root }))
    copy(file, join(to, file));
  for (const file of ["bin.mjs", "run-child.mjs", "node-packages.mjs"]) copy(`tools/${file}`, join(to, file));
  copy("tools/release/README.md", join(to, "README.md"));
  copy("LICENSE", join(to, "LICENSE"));
  const commands = Object.entries(shopCommands).map(([name, command]) => [
    name,
    { ...command, file: command.file.replace(/\.ts$/, ".js") },
  ]);
  writeJson(join(to, "commands.json"), Object.fromEntries(commands));
  writeJson(join(to, "package.json"), {
    name: project.name,
    ...commonMembers(),
    description: project.description,
    bin: { serverlesspresso: "bin.mjs" },
    engines: project.engines,
    dependencies: rangesOf(imports),
    optionalDependencies: project.optionalDependencies,
  });
}

/** Builds them anew, with the licenses of what is built into them. */
async function buildApps(to: string): Promise<void> {
  const outDir = join(to, "apps/dist");
  const license = { fileName: "third-party.md" };
  await build({ configFile: join(root, "apps/vite.config.ts"), logLevel: "warn", build: { outDir, license } });
  renameSync(join(outDir, license.fileName), join(to, "THIRD-PARTY.md"));
}

function copy(file: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(root, file), to);
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
