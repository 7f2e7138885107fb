/** The documents hold together: their links lead somewhere, and what code cites of them is there. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const here = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist|cdk\.out)(\/|$)/.test(path) }).map((file) =>
    file.replaceAll("\\", "/"),
  );
const documents = here("**/*.md");
const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");

/** The anchors of a document, as GitHub makes them of its headings. */
function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#{1,6} +(.+?)\s*$/gm)];
  return new Set(
    headings.map(([, heading = ""]) => {
      const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
      const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${before}`;
    }),
  );
}

/** Links of a document that lead nowhere. `textOf` reads a document, undefined where there is no such file. */
function brokenLinks(file: string, text: string, textOf: (file: string) => string | undefined): string[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/i.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    const found = path === "" ? text : textOf(target);
    return found === undefined || (anchor !== undefined && !anchorsOf(found).has(anchor));
  });
}

function textOf(file: string): string | undefined {
  const path = join(root, file);
  if (relative(root, path).startsWith("..") || !existsSync(path)) return undefined;
  return statSync(path).isFile() && file.endsWith(".md") ? readFileSync(path, "utf8") : "";
}

test("there are documents to look at", () => expect(documents.length).toBeGreaterThan(15));

test.each(documents)("every link of %s leads to a file, and to a heading where it names one", (file) =>
  expect(brokenLinks(file, read(file), textOf)).toEqual([]),
);

test("every page of docs/ is linked from another document", () => {
  const linked = documents.flatMap((file) =>
    [...read(file).matchAll(/\]\(([^()\s#]+\.md)/g)].flatMap(([, link = ""]) => {
      const target = join(dirname(file), link).replaceAll("\\", "/");
      return target === file ? [] : [target];
    }),
  );
  expect(documents.filter((file) => file.startsWith("docs/") && !linked.includes(file))).toEqual([]);
});

describe("what is found", () => {
  const other = "# One\n\n## What a start takes\n\n## A `flag`, told twice\n";
  test.each([
    { text: "[a](b.md)", broken: [] },
    { text: "[a](c.md)", broken: ["c.md"] },
    { text: "[a](b.md#what-a-start-takes)", broken: [] },
    { text: "[a](b.md#a-flag-told-twice)", broken: [] },
    { text: "[a](b.md#elsewhere)", broken: ["b.md#elsewhere"] },
    { text: "# Here\n[a](#here) [b](#there)", broken: ["#there"] },
    { text: "[a](https://example.com/x)", broken: [] },
    { text: "`[a](c.md)` and\n```md\n[a](c.md)\n```", broken: [] },
    { text: "![picture](c.png)", broken: ["c.png"] },
  ])("$text", ({ text, broken }) => {
    expect(brokenLinks("docs/a.md", text, (file) => (file.endsWith("b.md") ? other : undefined))).toEqual(broken);
  });
});

/** Paths of the repository that a document names in backticks, and that are not there. */
function missingPaths(text: string, isThere: (pattern: string) => boolean): string[] {
  const named = [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([\w.*-]+\/[\w./*-]*)`/g)].map(([, path = ""]) => path);
  const made = /^platforms\/aws\/cdk\.out/;
  return named.filter((path) => folders.has(path.split("/")[0] ?? "") && !made.test(path) && !isThere(path));
}

const folders = new Set("apps bench blueprint conformance contract docs packages platforms ports services test tools".split(" "));

test.each(documents)("the paths that %s names are there", (file) => {
  const isThere = (pattern: string): boolean => globSync(pattern, { cwd: root }).length > 0;
  expect(missingPaths(read(file), isThere)).toEqual([]);
  expect(missingPaths("`services/tea/service.ts` and `./data/x`", isThere)).toEqual(["services/tea/service.ts"]);
});

/** Sections of a document that a text cites, and that the document does not have. */
function unknownSections(text: string, documentOf: (name: string) => string | undefined): string[] {
  return [...text.matchAll(/docs\/([\w-]+\.md) section (\d+)/g)].flatMap(([cited, name = "", number]) =>
    new RegExp(`^## ${number}\\. `, "m").test(documentOf(name) ?? "") ? [] : [cited],
  );
}

/** Lines of the security checklist that a text cites: `RELIABILITY 4, 27` or `RELIABILITY G3`. */
function unknownLines(text: string, known: ReadonlySet<string>): string[] {
  return [...text.matchAll(/RELIABILITY ([GIX]?\d+(?:(?:,| to| and) [GIX]?\d+)*)/g)].flatMap(([, cited = ""]) =>
    (cited.match(/[GIX]?\d+/g) ?? []).filter((label) => !known.has(label)),
  );
}

const sources = here("{apps,bench,blueprint,conformance,contract,packages,platforms,ports,services,test,tools}/**/*.{ts,tsx,mjs}");
const labels = new Set([...read("docs/reliability.md").matchAll(/^\| ([GIX]?\d+) \|/gm)].map(([, label = ""]) => label));

test("sections and lines of the documents that code cites are there", () => {
  const texts = sources.filter((file) => !file.endsWith("house/documents.test.ts")).map((file) => ({ file, text: read(file) }));
  const cited = texts.filter(({ text }) => /docs\/spec\.md section \d/.test(text));
  expect(cited.length).toBeGreaterThan(15);
  const documentOf = (name: string): string | undefined => textOf(`docs/${name}`);
  const wrong = texts.flatMap(({ file, text }) =>
    [...unknownSections(text, documentOf), ...unknownLines(text, labels)].map((what) => `${file}: ${what}`),
  );
  expect(wrong).toEqual([]);
  expect(unknownSections("docs/spec.md section 99", documentOf)).toEqual(["docs/spec.md section 99"]);
  expect(unknownLines("RELIABILITY 4, 99 and RELIABILITY G77", labels)).toEqual(["99", "G77"]);
});
