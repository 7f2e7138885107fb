/** The project's files, as the checks of this folder read them. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { root } from "../install.mjs";

/** The folders that hold sources. The first seven are the product, the others try and measure it. */
export const productAreas = ["ports", "contract", "services", "blueprint", "packages", "platforms", "apps"] as const;
const otherAreas = ["bench", "conformance", "test", "tools"] as const;

/** Every source file of the project, by its path from `from`, in order. */
export function sourceFiles(from: string = root): string[] {
  return globSync(`{${[...productAreas, ...otherAreas].join(",")}}/**/*.{ts,tsx,mjs}`, {
    cwd: from,
    exclude: (path) => /(^|\/)(node_modules|dist|cdk\.out)(\/|$)/.test(path),
  })
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}

/** Returns a file's text. */
export const textOf = (file: string, from: string = root): string => readFileSync(join(from, file), "utf8");

/** Whether only tests, benches and tools run the file: what it imports is no dependency of the product. */
export function isForTests(file: string): boolean {
  const [area = ""] = file.split("/");
  return (
    (otherAreas as readonly string[]).includes(area) ||
    /\.test\.tsx?$|\.child\.ts$|\/testing[\w-]*\.ts$|\/test-support|\/test-shelf\.ts$|^platforms\/aws\/test\//.test(file)
  );
}

/** An import, a re-export, or an `import()` of a fixed text. */
export interface Import {
  readonly specifier: string;
  /** Whether the types alone are taken, so that nothing is loaded. */
  readonly isType: boolean;
}

/** Returns what a file imports, also through `import()`, `import.meta.resolve()` and `createRequire()`. */
export function importsOf(file: string, text: string): Import[] {
  const { module } = parseSync(file, text);
  const fixed = module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    isType: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const passedOn = module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, isType }) => (moduleRequest === null ? [] : [{ specifier: moduleRequest.value, isType }]));
  const called = [...text.matchAll(/\b(?:import|import\.meta\.resolve|createRequire\(import\.meta\.url\)(?:\.resolve)?)\(\s*"([^"]+)"/g)];
  return [...fixed, ...passedOn, ...called.map(([, specifier = ""]) => ({ specifier, isType: false }))];
}

/** The package of npm an import names (`aws-cdk-lib` in `aws-cdk-lib/aws-sqs`); undefined for files and Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier)) return undefined;
  const [first = "", second = ""] = specifier.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}
