import { z } from "zod";

/** Control characters, and those that turn the direction of text or have no width: they make one name look like another. */
const invisible =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0\u{e0000}-\u{e0fff}]+/gu;

/** The text as it is stored and shown: normalised, invisible characters gone, white space single, ends trimmed. */
export function cleanText(text: string): string {
  return text.normalize("NFC").replace(invisible, " ").replace(/\s+/gu, " ").trim();
}

/** A line people write, at most `max` characters before cleaning. */
export const line = (max: number) => z.string().max(max).transform(cleanText);
