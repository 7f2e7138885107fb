import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shopFlags } from "../../tools/shop-flags.mjs";

export const adminEmail = "bar@example.com";
export const adminPassword = "correct horse battery staple 9";

/** A bar in a process of its own, as `npm start` runs it. */
export interface Server {
  readonly url: string;
  readonly dataFolder: string;
  readonly output: () => string;
  readonly pid: number;
  /** Resolves with the exit code, whatever ends it. */
  readonly ended: Promise<number | null>;
  /** Ends it at once, as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface ServerOptions {
  readonly dataFolder: string;
  readonly clockRate?: number;
  /** What runs the bar, instead of the project's own sources. */
  readonly program?: readonly string[];
  /** The folder it runs in. */
  readonly cwd?: string;
  readonly port?: number;
  /** Another address of this machine than 127.0.0.1 to listen on. */
  readonly host?: string;
  readonly args?: readonly string[];
  /** A command that runs it, such as one that mounts a disk first; the bar's own command line follows. */
  readonly within?: readonly string[];
  /** Beside the defaults, which switch rate limits off. */
  readonly environment?: Readonly<Record<string, string>>;
}

const ownProgram = [process.execPath, ...shopFlags, join(import.meta.dirname, "../../platforms/local/src/main.ts")];

/** Below the ports that a system hands out by itself: no other process gets one while a bar that was killed on it starts again. */
const ports = { from: 20_000, to: 32_768 };

/** A free port of the loopback. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ports.from, ports.to);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** A data folder of its own, removed by `remove`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "serverlesspresso-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a bar and waits until `/healthz` answers 200. */
export async function startServer({
  dataFolder,
  clockRate = 1,
  port,
  host = "127.0.0.1",
  args = [],
  within = [],
  environment = {},
  program = ownProgram,
  cwd,
}: ServerOptions): Promise<Server> {
  const actualPort = port ?? (await freePort());
  const url = `http://${host}:${actualPort}`;
  const options = ["--host", host, "--port", `${actualPort}`, "--data", dataFolder, "--clock-rate", `${clockRate}`, ...args];
  const [command = "", ...line] = [...within, ...program, ...options];
  const child = spawn(command, line, {
    env: { ...process.env, ADMIN_EMAIL: adminEmail, ADMIN_PASSWORD: adminPassword, RATE_LIMIT_FACTOR: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    cwd,
  });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  const gone = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  await waitUntilHealthy(child, url, () => output);
  return {
    url,
    dataFolder,
    output: () => output,
    pid: child.pid ?? 0,
    ended: gone,
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    stop() {
      child.kill("SIGTERM");
      return gone;
    },
  };
}

async function waitUntilHealthy(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const givenUpAt = performance.now() + 60_000;
  while (performance.now() < givenUpAt) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output()}`);
    const healthy = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not healthy after 60 s:\n${output()}`);
}
