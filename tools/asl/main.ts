/**
 * `npm run asl -- test FILE ...` runs a workflow with mocked integrations; `npm run asl -- validate FILE` says what is wrong with it.
 *
 * A1. Nothing is called and nothing is stored: the States Language's own core decides, the mock file answers, the clock jumps.
 * A2. The same call prints the same: times, tokens and States.UUID count from a start that is given, a jitter takes the middle. Only JSONata's
 *     `$uuid`, and `$random` without a seed, give something else each time.
 * A3. The exit status is 0 where every execution succeeded with the output expected, 1 where one did not, 2 where the call, a file or the mocks are wrong.
 * A4. Results go to standard output, complaints about the call to standard error.
 */
import { asl, runCommand } from "@serverlesspresso/commands";
import { openCall } from "./arguments.ts";
import { runTests } from "./test-command.ts";
import { runValidation } from "./validate-command.ts";

const programs = { test: runTests, validate: runValidation };
const args = process.argv.slice(2);

await runCommand(
  asl,
  async ({ values }) => {
    process.exitCode = await programs[values.command](openCall(values, process.env.INIT_CWD ?? process.cwd()));
  },
  { args: args.length === 0 ? ["--help"] : args },
);
