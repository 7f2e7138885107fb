import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { Ids } from "@serverlesspresso/ports";

/** SHA-256 in base64url; for secrets of full entropy alone. */
export function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}

/** A keyed hash: for what has little entropy, and to derive secrets that need the key. */
export function keyedHash(secret: string, ...parts: readonly string[]): string {
  return createHmac("sha256", secret).update(parts.join("\u0000")).digest("base64url");
}

/** Returns whether two texts are the same, in a time that does not tell where they differ. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(hash("sha256", a, "hex")), Buffer.from(hash("sha256", b, "hex"))];
  return timingSafeEqual(x, y);
}

/** `length` characters of `alphabet`, all equally likely. */
export function randomText(ids: Ids, alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of Buffer.from(ids.secret(256), "base64url")) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
