/**
 * Which test files are quick: `npm run test:quick` runs these alone, and they share processes with one another.
 *
 * Q1. A quick file starts no server, no browser and no process, and does not take seconds of a processor.
 * Q2. It leaves nothing behind that another file in its process could see: no fake timer, no changed global, no variable of the environment.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folders = "{apps,blueprint,contract,packages,ports,services,platforms/local/src}/**/*.test.{ts,tsx}";
const leftOut = ["**/node_modules/**", "**/dist/**"];
/** A file with one of these starts something, or reads what was built (Q1). */
const starters = /node:child_process|node:worker_threads|test\/support|\/platform\.ts"|createServer|playwright|apps\/dist/;
/** A file with one of these changes what others in its process see (Q2). */
const changers = /\bvi\.(?:mock|stubGlobal|stubEnv|useFakeTimers)\b|process\.env\.\w+ =/;
/** They start nothing and take five to twenty-five seconds of a processor all the same. */
const long: readonly string[] = [
  "packages/states-language/evaluator/evaluator.test.ts",
  "packages/states-language/evaluator/hostile.test.ts",
  "services/journey.test.ts",
  "services/races.test.ts",
];

/** The quick ones, from the repository's root. */
export function quickFiles(root: string): string[] {
  return globSync(folders, { cwd: root, exclude: leftOut }).filter((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return !long.includes(file) && !starters.test(text) && !changers.test(text);
  });
}
