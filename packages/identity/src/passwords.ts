import type { Ids } from "@serverlesspresso/ports";
import { randomText } from "./secrets.ts";

/** The same password typed on two keyboards may arrive in two Unicode forms. */
export function normalisePassword(password: string): string {
  return password.normalize("NFKC");
}

/** Without letters and digits that look alike. */
const plainAlphabet = "23456789abcdefghjkmnpqrstuvwxyz";

/** A password to be read off a screen once: 20 characters in groups, 99 random bits. */
export function generatePassword(ids: Ids): string {
  return (randomText(ids, plainAlphabet, 20).match(/.{5}/g) as string[]).join("-");
}
