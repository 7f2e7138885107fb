/** What we are measured against is not part of this project: the bench installs it outside of the repository, once, from npm. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Installs `packages` (`NAME@VERSION`) where the first of them is missing; answers the folder of packages. @throws where npm cannot */
export function installPeer(name: string, packages: readonly string[]): string {
  const folder = join(tmpdir(), `serverlesspresso-bench-${name}`);
  const modules = join(folder, "node_modules");
  if (existsSync(join(modules, (packages[0] as string).replace(/(?!^)@.*$/, "")))) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  console.error(`Installing ${packages.join(" and ")} into ${folder} ...`);
  const command = ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages];
  execFileSync("npm", command, { cwd: folder, stdio: "pipe", timeout: 300_000 });
  return modules;
}
