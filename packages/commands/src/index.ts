/** Every command of the project with its flags, variables and operands, and the one reader of a call. */
export { type Command, defineCommand, type Settings, type Values } from "./command.ts";
export { withTables } from "./documents.ts";
export { readSetting, UsageError } from "./errors.ts";
export { helpOf } from "./help.ts";
export { type Call, type Environment, readCall } from "./read-call.ts";
export { runCommand } from "./run-command.ts";
export { list, required, type Setting, setting, toggle } from "./setting.ts";
export { asl } from "./table/asl.ts";
export {
  type DeploymentSettings,
  deploy,
  destroy,
  diff,
  exportData,
  importData,
  outputs,
  smoke,
  synth,
} from "./table/aws.ts";
export { type Benchmark, bench, benchmarks, cost } from "./table/bench.ts";
export { check, conformance, regexes, runtimeClient, test, testCrash, testPowerCut, testQuick } from "./table/checks.ts";
export { backup, restore, rotateKeys, storage } from "./table/folder.ts";
export { commandGroups, commands } from "./table/index.ts";
export { pack } from "./table/release.ts";
export { demo, type StartSettings, start } from "./table/start.ts";
export { decimal, matching, oneOf, onOff, text, wholeNumber } from "./value-kinds.ts";
export { version } from "./version.ts";
