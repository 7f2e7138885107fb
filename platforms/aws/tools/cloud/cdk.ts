import { spawn } from "node:child_process";
import { cloudAssembly } from "../synth.ts";

/** Pinned: the next version of the command cannot read the output of this version of the library. */
const cli = "aws-cdk@2.1148.1";

/** Runs CDK's command on the synthesized stacks; npx downloads it once. @throws {Error} if the command fails */
export async function runCdk(args: readonly string[]): Promise<void> {
  const child = spawn("npx", ["--yes", cli, ...args, "--app", cloudAssembly, "--no-notices"], {
    stdio: "inherit",
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true" },
    shell: process.platform === "win32",
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new Error(
      `cdk ${args[0]} ended with ${code}; the lines above say why. An account that CDK has never deployed to needs "npx ${cli} bootstrap" once.`,
    );
}
