/**
 * The walks of `docs/reading.md`: numbered steps, each a file, the name to read there, and, at its end, an arrow where the file does not
 * import the next one's.
 *
 * WA1. A step's file is there and defines the name, and a walk comes to no file twice.
 * WA2. A step's file imports that of the next step, or of the first below it. A step of a list below it imports nothing for its neighbour:
 *      the step above them imports each.
 */
import { createRequire } from "node:module";
import { join, posix, relative } from "node:path";
import { parseSync } from "oxc-parser";
import { root } from "../install.mjs";
import { importsOf } from "./sources.ts";

/** One step of a walk. */
export interface Step {
  readonly file: string;
  readonly name: string;
  /** How the next file is reached; undefined where this one imports it. */
  readonly arrow: string | undefined;
  /** The step that it stands below. */
  readonly above: Step | undefined;
  readonly line: number;
}

/** Returns the text of a file; undefined for one that is missing. */
export type TextOf = (file: string) => string | undefined;

const stepForm = /^( *)\d+\. \[`([^`]+)`\]\(\.\.\/([^)]+)\) `(\w[^`]*)`: \S.*?(?: → (\w+))?$/;

/** Returns the walks of a document, each under its heading. @throws {SyntaxError} for an item of a list that is no step */
export function walksIn(document: string): Map<string, readonly Step[]> {
  const walks = new Map<string, Step[]>();
  let steps: Step[] = [];
  for (const [at, line] of document.split("\n").entries()) {
    const [, heading] = /^## (.+)$/.exec(line) ?? [];
    if (heading !== undefined) walks.set(heading, (steps = []));
    else if (/^ *\d+\. /.test(line)) steps.push(stepIn(line, at + 1, steps));
  }
  return walks;
}

function stepIn(text: string, line: number, before: readonly Step[]): Step {
  const [, indent = "", path, file = "", name = "", arrow] = stepForm.exec(text) ?? [];
  if (path === undefined || path !== file)
    throw new SyntaxError(`line ${line} is ${text}, expected N. [\`FILE\`](../FILE) \`NAME\`: what it does. → ARROW`);
  const above = indent === "" ? undefined : before.findLast((step) => step.above === undefined);
  return { file, name, arrow, above, line };
}

/** Returns what is wrong with a walk, in sentences. @param arrows the arrows that the document explains */
export function walkFaults(steps: readonly Step[], arrows: ReadonlySet<string>, textOf: TextOf): string[] {
  return steps.flatMap((step, at) => {
    const { file, name, arrow, line } = step;
    const faults: string[] = [];
    const text = textOf(file);
    if (text === undefined) return [`line ${line}: there is no file ${file}`];
    if (!isDefinedIn(file, text, name)) faults.push(`line ${line}: ${file} defines no ${name}`);
    if (steps.findIndex((other) => other.file === file) < at) faults.push(`line ${line}: the walk has been in ${file} before`);
    if (arrow !== undefined && !arrows.has(arrow)) faults.push(`line ${line}: → ${arrow} is no arrow, expected ${[...arrows].join(", ")}`);
    const before = steps[at - 1];
    const from = before === undefined ? [] : comingFrom(steps, at);
    if (before !== undefined && before.arrow === undefined && !from.some((one) => imports(one.file, file, textOf)))
      faults.push(`line ${line}: ${from.map((one) => one.file).join(", ")} imports no ${file}, and line ${before.line} has no arrow`);
    return faults;
  });
}

/** Returns the steps of which one must import the file of the step at this place (WA2). */
function comingFrom(steps: readonly Step[], at: number): readonly Step[] {
  const { above } = steps[at] as Step;
  if (above !== undefined) return [above];
  const last = steps[at - 1] as Step;
  const top = last.above ?? last;
  return steps.slice(steps.indexOf(top), at);
}

/** Whether a file of code declares the name, at its top or within, or has a member of that name; a definition in JSON has it as a key. */
function isDefinedIn(file: string, text: string, name: string): boolean {
  if (file.endsWith(".json")) return text.includes(`${JSON.stringify(name)}: {`);
  const code = parseSync(file, text).comments.reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
  return new RegExp(`\\b(?:function\\*?|const|class|interface|type) ${name}\\b|^\\s+(?:async )?\\*?${name}[(:]`, "m").test(code);
}

/** Whether a file imports another by its path, or by the package that passes it on. */
function imports(from: string, to: string, textOf: TextOf): boolean {
  return reachedBy(from, textOf).some((file) => file === to || (isSurface(file, from) && reachedBy(file, textOf).includes(to)));
}

/** Whether a file is the list of what another of the project's packages exports. */
const isSurface = (file: string, from: string): boolean => file.endsWith("index.ts") && posix.dirname(file) !== posix.dirname(from);

function reachedBy(file: string, textOf: TextOf): string[] {
  return importsOf(file, textOf(file) ?? "").flatMap(({ specifier }) => {
    if (specifier.startsWith(".")) return posix.join(posix.dirname(file), specifier);
    if (!specifier.startsWith("@serverlesspresso/")) return [];
    return relative(root, createRequire(join(root, file)).resolve(specifier)).replaceAll("\\", "/");
  });
}
