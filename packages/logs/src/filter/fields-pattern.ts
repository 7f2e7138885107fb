/** Patterns for lines of fields apart by spaces; what is in quotes or brackets is one field. */
import { type Condition, parseComparison, parseEither } from "./conditions.ts";
import type { Cursor } from "./cursor.ts";

type Field = Condition<string>;
const anything: Field = () => true;
const ellipsis: Field = () => true;

/**
 * Reads a pattern for lines of fields separated by spaces: `[ip, user, status = 4*]`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFieldsPattern(cursor: Cursor): Field {
  cursor.expect(/\[/y, "[");
  const fields: Field[] = [];
  do fields.push(parseField(cursor, fields.includes(ellipsis)));
  while (cursor.take(/,/y) !== undefined);
  cursor.expect(/\]/y, "a comma, a condition or ]");
  cursor.expectEnd();
  const at = fields.indexOf(ellipsis);
  if (at < 0) return (message) => matchAll(fields, fieldsOf(message), fields.length);
  const [before, after] = [fields.slice(0, at), fields.slice(at + 1)];
  return (message) => {
    const got = fieldsOf(message);
    const rest = got.length - after.length;
    return rest >= before.length && matchAll(before, got.slice(0, at), at) && matchAll(after, got.slice(rest), after.length);
  };
}

function matchAll(fields: readonly Field[], got: readonly string[], count: number): boolean {
  return got.length === count && fields.every((holds, index) => holds(got[index] as string));
}

/** Where a field is named and no more, or not even named. */
const unconditional = /(?:[\w-]+\s*)?(?=[,\]])/y;

function parseField(cursor: Cursor, hasEllipsis: boolean): Field {
  if (!hasEllipsis && cursor.take(/\.\.\.|…/y) !== undefined) return ellipsis;
  if (cursor.take(unconditional) !== undefined) return anything;
  let name: string | undefined;
  return parseEither(cursor, () => {
    if (name === undefined) name = cursor.expect(/[\w-]+/y, hasEllipsis ? "a name or nothing" : "a name, ... or nothing");
    else cursor.expect(new RegExp(`${name}(?![\\w-])`, "y"), `the field's name, ${name}`);
    const compare = parseComparison(cursor);
    if (compare === undefined) throw cursor.fail("a comparison, a comma or ]");
    return compare;
  });
}

const closers: Readonly<Record<string, string>> = { '"': '"', "[": "]" };

/** A line's fields. */
function fieldsOf(message: string): string[] {
  const found: string[] = [];
  const missing = new Set<string>();
  const word = /\S+/y;
  for (let at = nextField(message, 0); at < message.length; at = nextField(message, at)) {
    const closer = closers[message[at] as string];
    const end = closer === undefined || missing.has(closer) ? -1 : message.indexOf(closer, at + 1);
    if (end >= 0) {
      found.push(message.slice(at + 1, end));
      at = end + 1;
      continue;
    }
    // Not sought again, so that a line of nothing but brackets takes linear time.
    if (closer !== undefined) missing.add(closer);
    word.lastIndex = at;
    const text = word.exec(message)?.[0] ?? "";
    found.push(text);
    at += text.length;
  }
  return found;
}

function nextField(message: string, from: number): number {
  const spaces = /\s*/y;
  spaces.lastIndex = from;
  return from + (spaces.exec(message)?.[0].length ?? 0);
}
