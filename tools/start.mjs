// `npm start`: installs and builds where that is needed, then runs the platform. Works on Node 20.
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";
import { runWithNode } from "./run.mjs";

ensureInstalled("shop");
ensureBuilt();
// Without `__proto__` no parsed JSON can reach a prototype. A small young generation costs no speed here (bench lifecycle) and saves 100 MB under load.
runWithNode(["--disable-proto=delete", "--max-semi-space-size=8", "platforms/local/src/main.ts", ...process.argv.slice(2)]);
