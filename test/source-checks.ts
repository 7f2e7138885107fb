/**
 * Which test files only read the sources: `npm run check -- --no-tests` runs these, so they answer in seconds, share one process and start
 * nothing of the product.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const files = [
  "test/{ambient-time,import-directions,record-kinds}.test.ts",
  "test/house/*.test.ts",
  "test/security/{lines,compared-secrets}.test.ts",
  "test/security/regexes/*.test.ts",
];
/** A file with one of these runs a bar or makes templates. */
const starters = /test\/synthesis|support(?:\/[\w-]+)?\.ts"/;

/** Returns the checks of the sources, from the repository's root. */
export function sourceChecks(root: string): string[] {
  return globSync(files, { cwd: root })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !starters.test(readFileSync(join(root, file), "utf8")))
    .sort();
}
