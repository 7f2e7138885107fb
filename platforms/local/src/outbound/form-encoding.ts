/** A JSON value as a form: `URL_ENCODED` of an HTTP task. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** How lists are written: `a[0]=1`, `a=1&a=1`, `a[]=1`, `a=1,2`; NONE writes them as JSON. */
export const arrayFormats = ["INDICES", "REPEAT", "BRACKETS", "COMMAS", "NONE"] as const;
/** How an array is written in a form. Names are those of Step Functions' `Transform.RequestEncodingOptions.ArrayFormat`. */
export type ArrayFormat = (typeof arrayFormats)[number];

/** Members of members are named `a[b]`. */
export function encodeForm(value: JsonObject, format: ArrayFormat): string {
  return Object.entries(value)
    .flatMap(([name, member]) => pairsOf(encodeURIComponent(name), member, format))
    .join("&");
}

function pairsOf(name: string, value: JsonValue, format: ArrayFormat): string[] {
  if (Array.isArray(value)) return listPairs(name, value, format);
  if (typeof value !== "object" || value === null) return [`${name}=${encodeURIComponent(textOf(value))}`];
  return Object.entries(value).flatMap(([member, inner]) => pairsOf(`${name}[${encodeURIComponent(member)}]`, inner, format));
}

function listPairs(name: string, values: readonly JsonValue[], format: ArrayFormat): string[] {
  switch (format) {
    case "INDICES":
      return values.flatMap((value, i) => pairsOf(`${name}[${i}]`, value, format));
    case "REPEAT":
      return values.flatMap((value) => pairsOf(name, value, format));
    case "BRACKETS":
      return values.flatMap((value) => pairsOf(`${name}[]`, value, format));
    case "COMMAS":
      return [`${name}=${values.map((value) => encodeURIComponent(textOf(value))).join(",")}`];
    case "NONE":
      return [`${name}=${encodeURIComponent(JSON.stringify(values))}`];
  }
}

function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
