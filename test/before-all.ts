/** Before any test file runs: what several of them would otherwise make at the same time. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { compileCache } from "../vitest.config.ts";

export async function setup(): Promise<void> {
  // Of two files that unpack the browser at once, one would start half of it.
  await chromium.executablePath();
  // Servers that are killed leave no compiled code behind; this one ends in order.
  const main = join(import.meta.dirname, "../platforms/local/src/main.ts");
  if (!existsSync(compileCache))
    spawnSync(process.execPath, [main, "--help"], { env: { ...process.env, NODE_COMPILE_CACHE: compileCache } });
}
