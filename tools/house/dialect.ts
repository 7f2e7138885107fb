/** Finds phrases that cost a second reading, in what the project says to people: comments, documents and error texts. */
import { globSync } from "node:fs";
import { parseSync, Visitor } from "oxc-parser";
import { root } from "../install.mjs";
import { commentsOf, type Passage } from "./comments.ts";

/** A phrase to avoid, as a regular expression, and what says the same. */
export interface Phrase {
  readonly pattern: string;
  readonly instead: string;
}

/** The documents of the project. The style itself quotes what it rules out. */
export function documentFiles(from: string = root): string[] {
  return globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], { cwd: from })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.endsWith("docs/style.md"))
    .sort();
}

/** Returns the places of a file where one of the phrases stands, each with what to say instead. */
export function dialectIn(file: string, text: string, phrases: readonly Phrase[]): { line: number; said: string; instead: string }[] {
  const passages = file.endsWith(".md") ? [{ text, line: 1 }] : [...commentsOf(file, text), ...errorTextsOf(file, text)];
  return passages.flatMap(({ text: passage, line }) =>
    phrases.flatMap(({ pattern, instead }) =>
      [...passage.replaceAll("\n", " ").matchAll(new RegExp(pattern, "g"))].map(({ 0: said, index }) => ({
        line: line + passage.slice(0, index).split("\n").length - 1,
        said,
        instead,
      })),
    ),
  );
}

/** Returns the texts that errors are made with: literals and fixed parts of templates among the arguments of `new …Error(…)`. */
function errorTextsOf(file: string, text: string): Passage[] {
  const { program } = parseSync(file, text);
  const spans: { start: number; end: number }[] = [];
  const isInError = ({ start, end }: { start: number; end: number }): boolean => spans.some((span) => span.start < start && end < span.end);
  const found: (Passage & { start: number; end: number })[] = [];
  const take = (said: unknown, { start, end }: { start: number; end: number }): void => {
    if (typeof said === "string") found.push({ text: said, line: text.slice(0, start).split("\n").length, start, end });
  };
  new Visitor({
    NewExpression(node) {
      if (node.callee.type === "Identifier" && /(?:Error|Failure)$/.test(node.callee.name)) spans.push(node);
    },
    Literal: (node) => take(node.value, node),
    TemplateElement: (node) => take(node.value.cooked, node),
  }).visit(program);
  return found.filter(isInError);
}
