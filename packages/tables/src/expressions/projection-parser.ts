import { createCursor } from "./cursor.ts";
import type { Parsed, Path } from "./syntax.ts";

/** A projection expression: document paths, separated by commas. */
export function parseProjection(text: string): Parsed<readonly Path[]> {
  const cursor = createCursor("ProjectionExpression", text);
  const paths = [cursor.path()];
  while (cursor.take(",")) paths.push(cursor.path());
  if (cursor.peek().kind !== "end") throw cursor.syntaxError();
  return cursor.parsed(paths);
}
