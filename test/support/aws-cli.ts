/** The AWS CLI for documents whose commands are run: the real one, started once instead of once for each command where that can be done. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Server } from "./server.ts";

/** Why `aws` cannot be run here; undefined when it can. */
export const cliMissing = spawnSync("aws", ["--version"]).status === 0 ? undefined : "the AWS CLI (aws) is not on PATH";

export interface Cli {
  /** What a bash script begins with so that its `aws` is this one. */
  readonly prelude: string;
  stop(): void;
}

/**
 * Starts version 1 of the CLI in a process that forks for each command; that takes a `python3` that can import it.
 * Commands run so know the profiles of that bar's folder alone and read nothing from their stdin.
 * Elsewhere scripts call the `aws` on PATH, which takes half a second of a processor each time.
 */
export async function startCli({ dataFolder }: Pick<Server, "dataFolder">): Promise<Cli> {
  const env = { ...process.env, AWS_SHARED_CREDENTIALS_FILE: join(dataFolder, "aws-credentials") };
  const child = spawn("python3", [join(import.meta.dirname, "aws_cli_forks.py")], { env, stdio: ["pipe", "pipe", "ignore"] });
  const port = await new Promise<number | undefined>((resolve) => {
    child.once("error", () => resolve(undefined)).once("exit", () => resolve(undefined));
    child.stdout.once("data", (said: Buffer) => resolve(Number(said.toString())));
  });
  return { prelude: port === undefined ? "" : awsFunction(port), stop: () => void child.stdin.end() };
}

const awsFunction = (port: number): string => `
aws() {
  local -; set +x
  local code err
  exec 9<>/dev/tcp/127.0.0.1/${port}
  { printf '%s\\0' "$PWD" "$#" "$@"; env -0; printf '\\0'; } >&9
  read -r code <&9
  read -r err <&9
  cat <&9
  exec 9>&-
  printf '%b' "$err" >&2
  return "$code"
}
`;
