/** `npm run pack`: writes every package of a release into `dist/`, folder and tarball, and prints their sizes. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pack, runCommand } from "@serverlesspresso/commands";
import { root } from "../install.mjs";
import { libraries, writeLibraryPackage } from "./library-package.ts";
import { project } from "./manifest.ts";
import { writeShopPackage } from "./shop-package.ts";
import { packFolder } from "./tarball.ts";

await runCommand(pack, async () => {
  const folder = join(root, "dist");
  mkdirSync(folder, { recursive: true });
  await writeShopPackage(join(folder, project.name));
  for (const library of libraries) await writeLibraryPackage(library, join(folder, library));
  for (const name of [project.name, ...libraries]) {
    const { path, packedBytes, unpackedBytes, files } = packFolder(join(folder, name), folder);
    console.log(`${path}: ${kilobytes(packedBytes)} kB, ${files.length} files of ${kilobytes(unpackedBytes)} kB`);
  }
});

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}
