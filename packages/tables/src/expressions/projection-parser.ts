import { createCursor } from "./cursor.ts";
import type { Parsed, Path } from "./syntax.ts";

const noKeywords: ReadonlySet<string> = new Set();

/** A projection expression: document paths, separated by commas. */
export function parseProjection(text: string): Parsed<readonly Path[]> {
  const cursor = createCursor("ProjectionExpression", text, noKeywords);
  const paths = [cursor.path()];
  while (cursor.take(",")) paths.push(cursor.path());
  if (cursor.peek().kind !== "end") throw cursor.syntaxError();
  return cursor.parsed(paths);
}
