import { spawn } from "node:child_process";
import type { Measured } from "../measure.ts";

const child = new URL("./restate.child.ts", import.meta.url).pathname;

/** Measures Restate in a process of its own, so that it has a fresh heap as we had; or says why it could not. */
export async function measureRestate(levels: readonly number[], seconds: number): Promise<Measured[] | string> {
  const process_ = spawn(process.execPath, [child, levels.join(","), `${seconds}`], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  process_.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await new Promise((resolve) => process_.once("close", resolve));
  return said === "" ? "skipped, its process ended without a word" : (JSON.parse(said) as Measured[] | string);
}
