/** Each library is imported in one place. */
import { describe, expect, test } from "vitest";
import { importsOf, isForTests, packageOf, sourceFiles, textOf } from "../../tools/house/sources.ts";
import { libraryFolders } from "./library-folders.ts";

interface Use {
  readonly file: string;
  readonly library: string;
}

function usesIn(file: string, text: string): Use[] {
  const libraries = importsOf(file, text).map(({ specifier }) => packageOf(specifier));
  return [...new Set(libraries)].flatMap((library) =>
    library === undefined || library.startsWith("@serverlesspresso/") ? [] : [{ file, library }],
  );
}

const isIn = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`);
const mayImport = ({ file, library }: Use): boolean => (libraryFolders[library] ?? []).some((folder) => isIn(file, folder));
const uses = sourceFiles()
  .filter((file) => !isForTests(file))
  .flatMap((file) => usesIn(file, textOf(file)));

describe("the product imports each library in its own folder", () => {
  test("no other folder imports it", () => {
    expect(uses.length).toBeGreaterThan(100);
    expect(uses.filter((use) => !mayImport(use)).map(({ file, library }) => `${file} imports ${library}`)).toEqual([]);
  });

  test("no row of the table is without a use", () => {
    const rows = Object.entries(libraryFolders).flatMap(([library, folders]) => folders.map((folder) => ({ library, folder })));
    const unused = rows.filter(({ library, folder }) => !uses.some((use) => use.library === library && isIn(use.file, folder)));
    expect(unused).toEqual([]);
  });

  test.each([
    { how: "import", text: 'import { open } from "lmdb";' },
    { how: "import type", text: 'import type { RootDatabase } from "lmdb";' },
    { how: "export from", text: 'export { open } from "lmdb";' },
    { how: "import()", text: 'const { open } = await import("lmdb");' },
    { how: "import.meta.resolve", text: 'const path = import.meta.resolve("lmdb/dist/index.cjs");' },
  ])("a service that takes lmdb by $how is found", ({ text }) => {
    const found = usesIn("services/config/index.ts", text);
    expect(found).toEqual([{ file: "services/config/index.ts", library: "lmdb" }]);
    expect(found.map(mayImport)).toEqual([false]);
  });
});
