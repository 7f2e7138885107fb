import type { JsonValue } from "@serverlesspresso/ports";

/** Why a body is not JSON that we take. */
export class JsonRefused extends Error {
  override readonly name = "JsonRefused";
}

/** How much a body may hold. */
export interface JsonLimits {
  readonly deepest: number;
  /** Members of all objects and elements of all arrays together. */
  readonly mostKeys: number;
  /** Whether members may have names that reach into prototypes, for readers that look at own members alone. */
  readonly anyName?: boolean;
}

const usualLimits: JsonLimits = { deepest: 32, mostKeys: 10_000 };
/** For callers that need no more than a name: nothing that such a body asks for takes noticeable time. */
export const strangersLimits: JsonLimits = { deepest: 8, mostKeys: 200 };
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses a text strictly: besides what `JSON.parse` refuses, also depth beyond 32, more than 10,000 members or elements (or other `limits`), a name given
 * twice, names that reach into prototypes, and whole numbers that a double does not hold exactly.
 * @throws {JsonRefused}
 */
export function parseStrictJson(text: string, { deepest, mostKeys, anyName = false }: JsonLimits = usualLimits): JsonValue {
  checkSize(text, deepest, mostKeys);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new JsonRefused(`the body is not JSON: ${(error as Error).message.slice(0, 100)}`);
  }
  checkMembers(text, anyName);
  return value;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Before anything is built: nesting, members and elements cost nothing to count. */
function checkSize(text: string, deepest: number, mostKeys: number): void {
  let depth = 0;
  let count = 1;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isText) {
      if (unit === 0x5c) at += 1;
      else if (unit === 0x22) isText = false;
    } else if (unit === 0x22) isText = true;
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > deepest) throw new JsonRefused(`the body is nested deeper than ${deepest} levels`);
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
    else if (unit === 0x2c) {
      count += 1;
      if (count > mostKeys) throw new JsonRefused(`the body has more than ${mostKeys} members and elements`);
    }
  }
}

/** Over a text that is JSON: what parsing would hide. */
function checkMembers(text: string, anyName: boolean): void {
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const [token] of text.matchAll(tokens)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") checkName(open.at(-1), JSON.parse(last) as string, anyName);
    else if (token !== "," && token[0] !== '"') checkNumber(token);
    last = token;
  }
}

function checkName(names: Set<string> | undefined, name: string, anyName: boolean): void {
  if (!anyName && forbiddenKeys.has(name)) throw new JsonRefused(`the member name "${name}" is not allowed`);
  if (names?.has(name)) throw new JsonRefused(`the member "${name.slice(0, 50)}" is there twice`);
  names?.add(name);
}

function checkNumber(token: string): void {
  const value = Number(token);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new JsonRefused(`the number ${token.slice(0, 30)} is outside what can be held exactly`);
  }
}
