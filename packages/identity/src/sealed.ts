/** Texts under AES-256-GCM: without the key they can be neither read nor changed. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Ids } from "@serverlesspresso/ports";
import { keyedHash } from "./secrets.ts";

/** Encrypts texts that leave the process and come back. */
export interface Seal {
  /** @param about what the text belongs to: it opens beside the same words alone */
  close(text: string, about: string): Buffer;
  /** Undefined where it was not closed with this key, for this purpose, about this. */
  open(sealed: Buffer, about: string): string | undefined;
}

const ivBytes = 12;
const tagBytes = 16;

/** A seal whose key follows from the pool's secret. @param purpose no two have the same key */
export function createSeal(secret: string, purpose: string, ids: Ids): Seal {
  const key = Buffer.from(keyedHash(secret, "seal", purpose), "base64url");
  return {
    close(text, about) {
      const iv = Buffer.from(ids.secret(ivBytes * 8), "base64url");
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(about));
      return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, about) {
      if (sealed.length < ivBytes + tagBytes) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-tagBytes));
      try {
        return decipher.update(sealed.subarray(ivBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
      } catch {
        return undefined;
      }
    },
  };
}
