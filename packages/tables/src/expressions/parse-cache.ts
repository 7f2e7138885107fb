/** Parsed expressions by text: the same few texts come with every request. */
import { parseCondition } from "./condition-parser.ts";
import { parseProjection } from "./projection-parser.ts";
import type { Condition, Parsed, Path, UpdateAction } from "./syntax.ts";
import { parseUpdate } from "./update-parser.ts";

const maxEntries = 2000;

function cached<Tree>(parse: (text: string) => Parsed<Tree>): (text: string) => Parsed<Tree> {
  const known = new Map<string, Parsed<Tree>>();
  return (text) => {
    let parsed = known.get(text);
    if (parsed !== undefined) return parsed;
    parsed = parse(text);
    if (known.size >= maxEntries) known.delete(known.keys().next().value as string);
    known.set(text, parsed);
    return parsed;
  };
}

/** Expressions that are conditions, by the name of their parameter. */
export const conditionParsers: Record<
  "ConditionExpression" | "FilterExpression" | "KeyConditionExpression",
  (text: string) => Parsed<Condition>
> = {
  ConditionExpression: cached((text) => parseCondition("ConditionExpression", text)),
  FilterExpression: cached((text) => parseCondition("FilterExpression", text)),
  KeyConditionExpression: cached((text) => parseCondition("KeyConditionExpression", text)),
};
/** Returns the parsed update expression, from the cache when the same text was parsed before. */
export const parseUpdateCached: (text: string) => Parsed<readonly UpdateAction[]> = cached(parseUpdate);
/** Returns the parsed projection expression, from the cache when the same text was parsed before. */
export const parseProjectionCached: (text: string) => Parsed<readonly Path[]> = cached(parseProjection);
