// `node tools/with-node.mjs FILE ARGS`: runs a TypeScript file with the Node that can. Works on Node 20.
import { ensureInstalled, fail, neededBy } from "./install.mjs";
import { runWithNode } from "./run.mjs";

if (process.argv.length < 3) fail("usage: node tools/with-node.mjs FILE [ARGUMENT ...]");
const args = process.argv.slice(2);
ensureInstalled(neededBy(args.find((argument) => !argument.startsWith("-")) ?? ""));
runWithNode(args);
