import { expect, test } from "vitest";
import { words as barista } from "../../barista/src/words/en.ts";
import { words as baristaEs } from "../../barista/src/words/es.ts";
import { words as baristaPt } from "../../barista/src/words/pt-br.ts";
import { words as display } from "../../display/src/words/en.ts";
import { words as displayEs } from "../../display/src/words/es.ts";
import { words as displayPt } from "../../display/src/words/pt-br.ts";
import { words as order } from "../../order/src/words/en.ts";
import { words as orderEs } from "../../order/src/words/es.ts";
import { words as orderPt } from "../../order/src/words/pt-br.ts";
import { matchLanguage } from "./i18n.ts";

/** Every key with what stands under it, an example for a function. */
function entries(words: object, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) => {
    if (typeof value === "string") return [[path + key, value] as [string, string]];
    if (typeof value === "function") return [[path + key, String(value("7", "8"))] as [string, string]];
    return entries(value, `${path}${key}.`);
  });
}

test.each([
  { app: "order", en: order, others: [orderPt, orderEs] },
  { app: "barista", en: barista, others: [baristaPt, baristaEs] },
  { app: "display", en: display, others: [displayPt, displayEs] },
])("$app says everything in every language, and nothing is empty that is not empty in English", ({ en, others }) => {
  const expected = entries(en);
  for (const other of others) {
    const found = new Map(entries(other));
    expect([...found.keys()].sort()).toEqual(expected.map(([key]) => key).sort());
    for (const [key, text] of expected) expect([key, found.get(key) === ""]).toEqual([key, text === ""]);
  }
});

test("SPEC's words on the display", () => expect(display.remaining(10)).toBe("10 drink(s) remaining."));

test.each([
  { preferred: ["pt-PT", "en"], language: "pt-BR" },
  { preferred: ["fr-FR", "es-419"], language: "es" },
  { preferred: ["EN-gb"], language: "en" },
  { preferred: ["ja"], language: "en" },
  { preferred: [], language: "en" },
])("$preferred reads $language", ({ preferred, language }) => expect(matchLanguage(preferred)).toBe(language));
