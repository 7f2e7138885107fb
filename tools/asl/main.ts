/**
 * `npm run asl -- test FILE ...` runs a workflow with mocked integrations; `npm run asl -- validate FILE` says what is wrong with it.
 *
 * A1. Nothing is called and nothing is stored: the States Language's own core decides, the mock file answers, the clock jumps.
 * A2. The same call prints the same: times, tokens and States.UUID count from a start that is given, a jitter takes the middle. Only JSONata's
 *     `$uuid`, and `$random` without a seed, give something else each time.
 * A3. The exit status is 0 where every execution succeeded with the output expected, 1 where one did not, 2 where the call, a file or the mocks are wrong.
 * A4. Answers go to standard output, complaints about the call to standard error.
 */
import { parseArguments, usage } from "./arguments.ts";
import { runTests } from "./test-command.ts";
import { UsageError } from "./usage-error.ts";
import { runValidation } from "./validate-command.ts";

const commands = { test: runTests, validate: runValidation };

try {
  const call = parseArguments(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (call === "help") console.log(usage);
  else process.exitCode = await commands[call.command](call);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`asl: ${error.message}`);
  process.exitCode = 2;
}
