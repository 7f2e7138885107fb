/** Restate's server and SDK, as the bench installs them. */
import { existsSync, readFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installPeer } from "../install-peer.ts";

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

/** Installs it if missing. Returns why that failed, or undefined. */
export async function installRestate(): Promise<Restate | string> {
  try {
    const home = join(installPeer("restate", packages), "@restatedev");
    const server = join(home, `restate-server-${platform()}-${arch()}`, "bin", "restate-server");
    if (!existsSync(server)) return `skipped, npm has no server for ${platform()}-${arch()}`;
    const { version } = JSON.parse(readFileSync(join(home, "restate-server", "package.json"), "utf8")) as { version: string };
    const sdk = (await import(pathToFileURL(join(home, "restate-sdk", "dist", "index.js")).href)) as Sdk;
    return { server, version, sdk };
  } catch (error) {
    return `skipped, it could not be installed: ${(error as Error).message.split("\n")[0]}`;
  }
}
