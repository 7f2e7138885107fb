import { nodePath, root, toolEnvironment } from "./install.mjs";
import { runChild } from "./run-child.mjs";

/** Runs a file with our Node in place of this process. */
export function runWithNode(args) {
  runChild(nodePath(), args, { cwd: root, env: toolEnvironment() });
}
