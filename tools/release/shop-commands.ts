/** The commands of the released bar, as the project's scripts run them. */
import { shopFlags } from "../shop-flags.mjs";
import { project } from "./manifest.ts";

/** One command: Node's flags, the file, and the words that come before those of the call. */
export interface ShopCommand {
  readonly flags: readonly string[];
  readonly file: string;
  readonly args: readonly string[];
}

const main = "platforms/local/src/main.ts";
const names = ["start", "demo", "backup", "restore", "storage", "rotate-keys"];

/** Commands by name; each file is TypeScript, from the project's root. */
export const shopCommands: Readonly<Record<string, ShopCommand>> = Object.fromEntries(names.map((name) => [name, commandOf(name)]));

function commandOf(name: string): ShopCommand {
  const [, tool, ...words] = (project.scripts[name] ?? "").split(" ");
  if (tool === "tools/start.mjs") return { flags: shopFlags, file: main, args: words };
  const [file, ...args] = words;
  if (tool !== "tools/with-node.mjs" || file === undefined)
    throw new Error(`script "${name}" is "${project.scripts[name]}", expected tools/start.mjs or tools/with-node.mjs and a file`);
  return { flags: [], file, args };
}

/** Returns the text with each command called as a release calls it, and nothing said of a clone. */
export function withReleaseCalls(text: string): string {
  const others = names.filter((name) => name !== "start").join("|");
  return text
    .replace(new RegExp(`npm run (${others})\\b(?: --)?`, "g"), "npx serverlesspresso $1")
    .replace(/npm start\b(?: --)?/g, "npx serverlesspresso")
    .replace(/ On a fresh clone [^."]*\./g, "");
}
