import { expect, test } from "vitest";
import { oneLine } from "./one-line.ts";

test.each([
  ["Ada\n2026-06-01 admin: the shop is closed", "Ada\\u000a2026-06-01 admin: the shop is closed"],
  ["\u001b[2J\u001b]0;title\u0007", "\\u001b[2J\\u001b]0;title\\u0007"],
  ["a\r\u0085b\u2028c\u2029", "a\\u000d\\u0085b\\u2028c\\u2029"],
  ["\u202eniatpac\u2066\u200b\ufeff", "\\u202eniatpac\\u2066\\u200b\\ufeff"],
  ["Zoë ☕ 🦀", "Zoë ☕ 🦀"],
])("RELIABILITY 41: %j forges no line of a log", (text, line) => expect(oneLine(text)).toBe(line));
