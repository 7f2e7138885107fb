/** `npm run figures [FOLDER]`: how the sources stand, area by area. FOLDER: another checkout of the project. */
import { posix, resolve } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { root } from "../install.mjs";
import { exportsOf } from "./docstrings.ts";
import { importsOf, productAreas, sourceFiles, textOf } from "./sources.ts";

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: number;
}

/** Assertions of types in a file, and those that go through `unknown` or `never`, which let anything pass. */
function assertionsIn({ file, text }: Source): { as: number; through: number } {
  const counts = { as: 0, through: 0 };
  new Visitor({
    TSAsExpression({ typeAnnotation, expression }) {
      const isConst = typeAnnotation.type === "TSTypeReference" && text.slice(typeAnnotation.start, typeAnnotation.end) === "const";
      if (!isConst) counts.as++;
      const inner = expression.type === "TSAsExpression" ? expression.typeAnnotation.type : "";
      if (["TSUnknownKeyword", "TSNeverKeyword"].includes(inner) || typeAnnotation.type === "TSNeverKeyword") counts.through++;
    },
  }).visit(parseSync(file, text).program);
  return counts;
}

/** Groups of files that import each other, directly or not, types included. */
function circlesIn(sources: readonly Source[]): string[][] {
  const imports = new Map(
    sources.map(({ file, text }) => [
      file,
      importsOf(file, text).flatMap(({ specifier }) => (specifier.startsWith(".") ? [posix.join(posix.dirname(file), specifier)] : [])),
    ]),
  );
  const reached = new Map([...imports.keys()].map((file) => [file, reachedFrom(file, imports)]));
  const groups = new Map<string, string[]>();
  for (const file of imports.keys()) {
    if (!reached.get(file)?.has(file)) continue;
    const group = [...(reached.get(file) ?? [])].filter((other) => reached.get(other)?.has(file)).sort();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function reachedFrom(start: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const open = [...(imports.get(start) ?? [])];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return seen;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function figuresOf(area: string, sources: readonly Source[]): Record<string, string | number> {
  const byLength = [...sources].sort((a, b) => a.lines - b.lines);
  const lines = sum(sources.map((source) => source.lines));
  const assertions = sources.map(assertionsIn);
  const exported = sources.map(({ file, text }) => exportsOf(file, text));
  return {
    area,
    files: sources.length,
    lines,
    "median file": byLength[Math.floor(byLength.length / 2)]?.lines ?? 0,
    "longest file": `${byLength.at(-1)?.lines} ${byLength.at(-1)?.file}`,
    "as per 1,000 lines": ((1_000 * sum(assertions.map(({ as }) => as))) / lines).toFixed(1),
    "casts through unknown or never": sum(assertions.map(({ through }) => through)),
    exports: sum(exported.map(({ count }) => count)),
    "without docstring": sum(exported.map(({ undocumented }) => undocumented.length)),
  };
}

const from = resolve(process.argv[2] ?? root);
const sources: Source[] = sourceFiles(from).map((file) => {
  const text = textOf(file, from);
  return { file, text, lines: text.split("\n").length - 1 };
});
const isTest = ({ file }: Source): boolean => /\.test\.tsx?$/.test(file);
const areaOf = ({ file }: Source): string => file.split("/")[0] ?? "";
const product = sources.filter((source) => (productAreas as readonly string[]).includes(areaOf(source)) && !isTest(source));
const rest = sources.filter((source) => !product.includes(source));
const areas = [...productAreas].filter((area) => product.some((source) => areaOf(source) === area));
console.table([
  ...areas.map((area) =>
    figuresOf(
      area,
      product.filter((source) => areaOf(source) === area),
    ),
  ),
  figuresOf("all of these", product),
  figuresOf("tests, tools, benches", rest),
]);
const circles = circlesIn(sources);
console.log(`Import circles: ${circles.length}, of ${circles.flat().length} files.`);
for (const circle of circles) console.log(`  ${circle.join(" ↔ ")}`);
