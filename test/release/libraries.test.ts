/** The libraries as others install them: what is in the tarballs, their types, and the examples of their READMEs. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../tools/install.mjs";
import { type Library, libraries, writeLibraryPackage } from "../../tools/release/library-package.ts";
import { packFolder, type Tarball } from "../../tools/release/tarball.ts";
import { emptyFolder, installInto, remove, whyNot } from "./install.ts";

const folder = emptyFolder();
const staged = (library: Library): string => join(folder, library);
const tarballs = new Map<Library, Tarball>();
beforeAll(async () => {
  for (const library of libraries) {
    await writeLibraryPackage(library, staged(library));
    tarballs.set(library, packFolder(staged(library), folder));
  }
});
afterAll(() => remove(folder));
const tarballOf = (library: Library): Tarball => tarballs.get(library) as Tarball;

describe.each(libraries)("%s", (library) => {
  test("holds JavaScript and declarations, and nothing that needs the project", () => {
    const { files } = tarballOf(library);
    expect(files).toEqual(expect.arrayContaining(["package.json", "README.md", "LICENSE"]));
    expect(files.filter((file) => file.endsWith(".js")).length).toBeGreaterThan(10);
    expect(files.filter((file) => !/^(package\.json|README\.md|LICENSE|lib\/.*(\.js|\.d\.ts))$/.test(file))).toEqual([]);
    const texts = files.filter((file) => file.startsWith("lib/")).map((file) => readFileSync(join(staged(library), file), "utf8"));
    expect(texts.filter((text) => /from "@serverlesspresso\//.test(text))).toEqual([]);
    expect(readFileSync(join(staged(library), "package.json"), "utf8")).not.toContain("private");
  });

  test("publint finds nothing", async () => {
    const { messages } = await publint({ pkgDir: staged(library), pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  test("its types resolve, as those of a package of ES modules", async () => {
    const tarball = new Uint8Array(readFileSync(tarballOf(library).path));
    const result = await checkPackage(createPackageFromTarballData(tarball));
    expect(result.types).toEqual({ kind: "included" });
    // What `attw --profile esm-only` looks at.
    const isLooked = (problem: object): boolean =>
      !("resolutionKind" in problem) || !["node10", "node16-cjs"].includes(problem.resolutionKind as string);
    expect("problems" in result && result.problems.filter(isLooked)).toEqual([]);
  });
});

describe.skipIf(whyNot !== undefined)(`installed from their tarballs${whyNot === undefined ? "" : ` (skipped: ${whyNot})`}`, () => {
  const place = join(folder, "installed");
  beforeAll(() => {
    mkdirSync(place);
    installInto(
      place,
      libraries.map((library) => tarballOf(library).path),
    );
  });

  test.each(libraries)("%s: the README's example prints what the README says", (library) => {
    const readme = readFileSync(join(root, "packages", library, "README.md"), "utf8");
    const [, example = ""] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    const [, expected] = /It prints:\n\n```text\n([\s\S]*?)```/.exec(readme) ?? [];
    writeFileSync(join(place, "example.js"), example);
    const { stdout, stderr } = spawnSync(process.execPath, ["example.js"], { cwd: place, encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: expected, stderr: "" });
  });

  test("the threads of the states language run", () => {
    const program = `
      import { createDefinitionChecker } from "@serverlesspresso/states-language/checker";
      import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
      const checker = createDefinitionChecker();
      const expression = "{% $sum([1, 2]) %}";
      const definition = { QueryLanguage: "JSONata", StartAt: "A", States: { B: { Type: "Pass", Output: expression, End: true } } };
      console.log((await checker.diagnose(JSON.stringify(definition)))[0].message);
      // Threads keep no process alive.
      const alive = setInterval(() => {}, 1000);
      const evaluator = createEvaluator();
      console.log(await evaluator.evaluate("$map($numbers, function($n) { $n * 2 })", { numbers: [1, 2] }));
      await Promise.all([checker.close(), evaluator.close()]);
      clearInterval(alive);
    `;
    writeFileSync(join(place, "threads.js"), program);
    const { stdout, stderr } = spawnSync(process.execPath, ["threads.js"], { cwd: place, encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({
      stdout: "Missing 'Next' target: A\n{ kind: 'value', value: [ 2, 4 ] }\n",
      stderr: "",
    });
  });

  test("the declarations are read by a strict compiler", () => {
    const program = `
      import { indexPatterns, matchesPattern, parsePattern, type EventPattern } from "@serverlesspresso/event-patterns";
      import { compile, type Decision, simulate } from "@serverlesspresso/states-language";
      import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
      export const pattern: EventPattern = parsePattern({ source: ["a"] });
      export const met: readonly number[] = indexPatterns([[pattern, 1]]).match({ source: "a" });
      // @ts-expect-error a pattern is no text once it is parsed
      matchesPattern("{}", {});
      export const uses = [compile, simulate, createEvaluator];
      export type Next = Decision;
    `;
    writeFileSync(join(place, "types.ts"), program);
    const options = [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--lib",
      "es2024",
    ];
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, "types.ts"], { cwd: place, encoding: "utf8" });
    expect(stdout).toBe("");
  });
});
