import { expect, test } from "vitest";
import { displayText, invisiblePattern, withoutInvisible } from "./display-text.ts";

const everyCharacter = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);

test("D1: the pattern for JSON Schema and the rule agree on every character up to U+DFFFF", () => {
  const pattern = new RegExp(invisiblePattern);
  const differing = everyCharacter.filter((code) => {
    const text = `a${String.fromCodePoint(code)}b`;
    return code < 0xe0000 && pattern.test(text) === (withoutInvisible(text) === "ab");
  });
  expect(differing).toEqual([]);
});

test("D1: from U+E0000 on the pattern refuses whatever the rule removes", () => {
  const pattern = new RegExp(invisiblePattern);
  for (let code = 0xe0000; code <= 0xe0fff; code++) expect(pattern.test(String.fromCodePoint(code))).toBe(false);
});

test.each([
  { text: "  Zo\u200be\u202e ", shown: "Zo e", plain: "Zoe" },
  { text: "A\u202Ena\u200B\u{e0041} ", shown: "A na", plain: "Ana" },
  { text: "hot,\nplease", shown: "hot, please", plain: "hot,please" },
  { text: "e\u0301", shown: "\u00e9", plain: "e\u0301" },
  { text: "lone \ud800 half", shown: "lone half", plain: "lone  half" },
])("$text", ({ text, shown, plain }) => {
  expect(displayText(text)).toBe(shown);
  expect(withoutInvisible(text)).toBe(plain);
});
