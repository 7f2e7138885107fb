/**
 * Writes TypeScript as JavaScript, one file for each, under the same paths.
 *
 * J1. Node strips types only outside `node_modules`, so a package has to hold JavaScript.
 * J2. Workspaces are written into the package; packages of npm stay imports and are reported.
 * J3. A file that the code names beside itself (`new URL("./worker.ts", import.meta.url)`) is written too, and named `.js`.
 */
import { dirname, join } from "node:path";
import { type Plugin, rolldown } from "rolldown";
import { isOfNpm, packageOf } from "./npm-imports.ts";

/** What to write as JavaScript, and where. */
export interface JavaScriptRequest {
  /** The folder whose paths are kept. */
  readonly from: string;
  /** Files to begin with, by their paths in `from`. */
  readonly entries: readonly string[];
  readonly to: string;
  /** Changes each file's text. */
  readonly edit?: (text: string) => string;
}

/** What was written. */
export interface JavaScript {
  /** Paths in `to`. */
  readonly files: readonly string[];
  /** Packages of npm that the files import. */
  readonly imports: readonly string[];
}

/** Writes the entries and all they import. */
export async function writeJavaScript({ from, entries, to, edit = (text) => text }: JavaScriptRequest): Promise<JavaScript> {
  const build = await rolldown({
    input: entries.map((entry) => join(from, entry)),
    cwd: from,
    platform: "node",
    external: isOfNpm,
    plugins: [filesBeside(), { name: "edit", transform: (text) => edit(text) }],
  });
  const { output } = await build.write({ dir: to, format: "esm", preserveModules: true, preserveModulesRoot: from, comments: false });
  await build.close();
  const chunks = output.filter((one) => one.type === "chunk");
  const files = chunks.map(({ fileName }) => fileName);
  const imported = chunks.flatMap(({ imports, dynamicImports, code }) => [...imports, ...dynamicImports, ...resolvedIn(code)]);
  const packages = imported.filter((id) => !files.includes(id) && isOfNpm(id) && !id.startsWith("node:")).map(packageOf);
  return { files, imports: [...new Set(packages)].sort() };
}

/** Packages whose files the code looks for instead of importing them. */
function resolvedIn(code: string): string[] {
  return [...code.matchAll(/import\.meta\.resolve\("([^"]+)"/g)].map(([, id = ""]) => id);
}

const beside = /(new URL\("\.\/|join\(import\.meta\.dirname, ")([\w-]+)\.ts"/g;

function filesBeside(): Plugin {
  return {
    name: "files-beside",
    transform(text, id) {
      return text.replace(beside, (_, before: string, name: string) => {
        this.emitFile({ type: "chunk", id: join(dirname(id), `${name}.ts`) });
        return `${before}${name}.js"`;
      });
    },
  };
}
