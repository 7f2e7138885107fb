// `node tools/aws.mjs COMMAND [ARGUMENT ...]`: what `npm run synth`, `deploy`, `diff`, `destroy`, `outputs` and `smoke` run. Works on Node 20.
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled, fail, isQuestion } from "./install.mjs";
import { runWithNode } from "./run.mjs";

/** Those that need the built apps. */
const building = ["synth", "deploy", "diff"];
const [command = "", ...rest] = process.argv.slice(2);
if (![...building, "destroy", "outputs", "smoke"].includes(command))
  fail("usage: node tools/aws.mjs synth | deploy | diff | destroy | outputs | smoke");
ensureInstalled();
if (building.includes(command) && !isQuestion(rest)) ensureBuilt();
runWithNode([`platforms/aws/tools/${command}.ts`, ...rest]);
