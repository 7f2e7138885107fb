/** MiniStack, an emulator of AWS in Python that stores nothing on disk, as the bench installs it: outside of the repository, once, from PyPI. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../test/support/server.ts";
import type { Driven } from "./driver.ts";

export const peerVersion = "1.4.21";
const startSeconds = 30;

/** Installs and starts it, and hands its port and process over; or says why it could not. */
export async function drivePeer(work: (port: number, pid: number) => Promise<Driven[]>): Promise<Driven[] | string> {
  const program = install();
  if (program === undefined) return "skipped, pip cannot install it";
  const port = await freePort();
  const server = spawn(program, [], { stdio: "ignore", env: { ...process.env, GATEWAY_PORT: `${port}` } });
  try {
    await untilOpen(server, port);
    return await work(port, server.pid ?? 0);
  } catch (error) {
    return `skipped, it failed: ${(error as Error).message}`;
  } finally {
    server.kill("SIGKILL");
  }
}

/** Its program; undefined where pip cannot have it. */
function install(): string | undefined {
  const folder = join(tmpdir(), `serverlesspresso-bench-ministack-${peerVersion}`);
  const program = join(folder, "bin/ministack");
  if (existsSync(program)) return program;
  try {
    execFileSync("python3", ["-m", "venv", folder], { stdio: "pipe" });
    const wanted = `ministack==${peerVersion}`;
    execFileSync(join(folder, "bin/pip"), ["install", "--quiet", "--retries", "0", wanted], { stdio: "pipe", timeout: 300_000 });
    return program;
  } catch {
    return undefined;
  }
}

async function untilOpen(server: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + startSeconds * 1_000;
  while (performance.now() < until && server.exitCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not listen");
}
