// `node tools/with-node.mjs FILE ARGS`: runs a TypeScript file with the Node that can. Works on Node 20.
import { ensureInstalled, fail } from "./install.mjs";
import { runWithNode } from "./run.mjs";

if (process.argv.length < 3) fail("usage: node tools/with-node.mjs FILE [ARGUMENT ...]");
ensureInstalled();
runWithNode(process.argv.slice(2));
