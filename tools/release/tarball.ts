import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What `npm pack` made of a folder. */
export interface Tarball {
  readonly path: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Paths in the package. */
  readonly files: readonly string[];
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs a package's folder into `to`. Runs no script. @throws {Error} with npm's words */
export function packFolder(folder: string, to: string): Tarball {
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", to], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm pack ended with ${status}: ${stderr}`);
  const [report] = JSON.parse(stdout) as [PackReport];
  return {
    path: join(to, report.filename),
    packedBytes: report.size,
    unpackedBytes: report.unpackedSize,
    files: report.files.map(({ path }) => path),
  };
}
