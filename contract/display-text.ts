/**
 * Text that people write and others read: names on cups, notes, reasons, the menu.
 *
 * D1. Control characters, lone surrogates, characters without width and those that turn the direction of text make one name look like
 *     another. None of them is stored or shown.
 */
const invisible =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0\u{e0000}-\u{e0fff}]+/gu;

/**
 * Matches a text without these characters, for JSON Schema: engines there read UTF-16 units and know no `\p`.
 * Characters from U+E0000 on are named by their first unit, so private ones up to U+E0FFF and a little beyond are among them.
 */
export const invisiblePattern =
  "^[^\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\udb40-\\udb43]*$";

/** Returns the text as it is stored and shown: in NFC, invisible characters and white space as one space, none at the ends. */
export function displayText(text: string): string {
  return text.normalize("NFC").replace(invisible, " ").replace(/\s+/gu, " ").trim();
}

/** Returns a text of another's as an app shows it: without invisible characters, else as it came. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, "").trim();
}
