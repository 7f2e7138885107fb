/** Restate is not part of this project: the bench installs it outside of the repository, once, from npm. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const packages = ["@restatedev/restate-server@1.7.12", "@restatedev/restate-sdk@1.17.2"];

export interface Restate {
  /** The server's program. */
  readonly server: string;
  readonly version: string;
  readonly sdk: Sdk;
}

/** What we use of the SDK. */
export interface Sdk {
  service(definition: { readonly name: string; readonly handlers: Record<string, Handler> }): unknown;
  serve(options: { readonly services: readonly unknown[]; readonly port: number; readonly logger: () => void }): Promise<unknown>;
}
export type Handler = (context: RestateContext, input: never) => Promise<unknown>;
export interface RestateContext {
  run<T>(name: string, action: () => T | Promise<T>): Promise<T>;
  awakeable<T>(): { readonly id: string; readonly promise: Promise<T> };
}

/** Installs where missing. Answers why it cannot be had. */
export async function installRestate(): Promise<Restate | string> {
  const folder = join(tmpdir(), "serverlesspresso-bench-restate");
  const home = join(folder, "node_modules", "@restatedev");
  const server = join(home, `restate-server-${platform()}-${arch()}`, "bin", "restate-server");
  try {
    if (!existsSync(server)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), '{"private":true}');
      console.error(`Installing ${packages.join(" and ")} into ${folder} ...`);
      execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages], {
        cwd: folder,
        stdio: "pipe",
        timeout: 300_000,
      });
    }
    if (!existsSync(server)) return `skipped, npm has no server for ${platform()}-${arch()}`;
    const { version } = JSON.parse(readFileSync(join(home, "restate-server", "package.json"), "utf8")) as { version: string };
    const sdk = (await import(pathToFileURL(join(home, "restate-sdk", "dist", "index.js")).href)) as Sdk;
    return { server, version, sdk };
  } catch (error) {
    return `skipped, it could not be installed: ${(error as Error).message.split("\n")[0]}`;
  }
}
