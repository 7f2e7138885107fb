// `npm start`: installs and builds where that is needed, then runs the platform. Works on Node 20.
import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled, isQuestion, root } from "./install.mjs";
import { runWithNode } from "./run.mjs";
import { shopFlags } from "./shop-flags.mjs";

ensureInstalled("shop");
const args = process.argv.slice(2);
if (!isQuestion(args)) ensureBuilt();
// What Node makes of the sources stays there for the next start, which takes half the time; another Node, or another text, makes it anew.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules/.cache/compiled");
runWithNode([...shopFlags, "platforms/local/src/main.ts", ...args]);
