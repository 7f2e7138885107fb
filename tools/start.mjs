// `npm start`: installs and builds where that is needed, then runs the platform. Works on Node 20.
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled, isQuestion } from "./install.mjs";
import { runWithNode } from "./run.mjs";
import { shopFlags } from "./shop-flags.mjs";

ensureInstalled("shop");
const args = process.argv.slice(2);
if (!isQuestion(args)) ensureBuilt();
runWithNode([...shopFlags, "platforms/local/src/main.ts", ...args]);
