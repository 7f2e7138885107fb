import type { Ids } from "@serverlesspresso/ports";
import { randomText } from "./secrets.ts";

/** Without letters and digits that look alike. */
const plainAlphabet = "23456789abcdefghjkmnpqrstuvwxyz";

/** A password to be read off a screen once: 20 characters in groups, 99 random bits. */
export function generatePassword(ids: Ids): string {
  return (randomText(ids, plainAlphabet, 20).match(/.{5}/g) as string[]).join("-");
}
