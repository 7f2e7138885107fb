/**
 * CloudWatch's filter patterns, for lines of any kind, for lines that are JSON, and for lines of fields apart by spaces.
 *
 *     pattern    = "" | "{" either "}" | "[" fields "]" | terms
 *     terms      = regex | { ["?" | "-"] ( quoted | word ) }     a word has letters, digits and "_"
 *     fields     = field { "," field }            one of them may be "...", for any number of fields
 *     field      = [ name ] | either              in which each selector is the field's one name
 *     either     = both { "||" both }
 *     both       = one { "&&" one }
 *     one        = "(" either ")" | condition
 *     condition  = selector ( "IS" ( "TRUE" | "FALSE" | "NULL" ) | "NOT" "EXISTS" | comparison )
 *     comparison = ( "=" | "!=" | "=!" ) ( quoted | regex | bare ) | ( "<" | "<=" | ">" | ">=" ) number
 *     selector   = "$" { "." key | "[" ( index | "*" | "'" key "'" ) "]" }, or a field's name
 *     quoted     = '"' { character | "\" character } '"'
 *     regex      = "%" expression "%"             as `regular-expression.ts` says; two in a pattern at most
 *
 * F1. Terms: all plain ones occur, none of those after `-`; those after `?`, of which one must occur, count only where they stand alone.
 * F2. A `*` at the beginning or end of a text stands for anything; elsewhere it is a character.
 * F3. A comparison holds for a scalar alone: an object, an array, null and what is not there are neither equal nor unequal to anything.
 * F4. What is no pattern is refused with the place and what was expected there. Testing a line takes time linear in it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import type { Condition } from "./conditions.ts";
import { createCursor } from "./cursor.ts";
import { parseFieldsPattern } from "./fields-pattern.ts";
import { parseJsonPattern } from "./json-pattern.ts";
import { parseTerms } from "./terms.ts";

/** Makes the test of a line. @throws {LogsError} `InvalidParameterException` (F4) */
export function parseFilterPattern(pattern: string | undefined): Condition<string> {
  const text = pattern?.trim() ?? "";
  if (text === "") return () => true;
  const cursor = createCursor(text);
  if (text.startsWith("{")) return parseJsonPattern(cursor);
  return text.startsWith("[") ? parseFieldsPattern(cursor) : parseTerms(cursor);
}
