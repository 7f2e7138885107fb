/** `npm run docs`: writes the tables of commands and flags into the documents, as the commands are now. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTables } from "./documents.ts";

const root = join(import.meta.dirname, "../../..");
for (const file of globSync("{*.md,docs/**/*.md}", { cwd: root })) {
  const before = readFileSync(join(root, file), "utf8");
  const after = withTables(before);
  if (after === before) continue;
  writeFileSync(join(root, file), after);
  console.log(`${file} is current now`);
}
