import type { Command, Settings } from "./command.ts";
import { UsageError } from "./errors.ts";
import { helpOf } from "./help.ts";
import { type Call, type Environment, readCall } from "./read-call.ts";
import { version } from "./version.ts";

/** Where a command's words come from. */
export interface Surroundings {
  readonly args?: readonly string[];
  readonly environment?: Environment;
}

/**
 * Runs a command on the words of this process. Prints the help or the version where a call asks for them. A wrong call is answered with one
 * message on standard error and exit code 2; any other failure is the caller's.
 */
export async function runCommand<S extends Settings>(
  command: Command<S>,
  run: (call: Call<S>) => void | Promise<void>,
  { args = process.argv.slice(2), environment = process.env }: Surroundings = {},
): Promise<void> {
  try {
    const call = readCall(command, args, environment);
    if (call === "help") process.stdout.write(helpOf(command));
    else if (call === "version") console.log(version);
    else await run(call);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${command.prefix ?? ""}${error.message}`);
    process.exitCode = 2;
  }
}
