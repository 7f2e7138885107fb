/** UUIDs in 22 letters in place of 36, for records that hold many. */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Returns the 22 letters of a UUID in small letters; undefined for any other text. */
export function shortUuid(text: string): string | undefined {
  return text.length === 36 && uuid.test(text) ? Buffer.from(text.replaceAll("-", ""), "hex").toString("base64url") : undefined;
}

/** Returns the UUID that `shortUuid` was given. */
export function longUuid(letters: string): string {
  const hex = Buffer.from(letters, "base64url").toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
