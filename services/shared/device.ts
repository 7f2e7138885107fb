/** The device that a request comes from: it keeps an unguessable id and says it as `X-Device-Id`; only a hash of it is stored. */
import { createHash } from "node:crypto";

/** The device's name in a table; undefined where the request says none, or one that could be guessed. */
export function deviceOf(headers: Readonly<Record<string, string>>): string | undefined {
  const id = headers["x-device-id"] ?? "";
  return /^[\w-]{22,64}$/.test(id) ? createHash("sha256").update(id).digest("base64url") : undefined;
}
