/** `node packages/commands/src/main.ts COMMAND [WORD ...]`: answers --help and --version of a command, and says what is wrong with a call of it. */
import { runCommand } from "./run-command.ts";
import { commands } from "./table/index.ts";

const [name, ...args] = process.argv.slice(2);
const command = commands.find((each) => each.name === name);
if (command === undefined) throw new Error(`the command is "${name}", expected one of ${commands.map((each) => each.name).join(", ")}`);
await runCommand(command, () => {}, { args });
