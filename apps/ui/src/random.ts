/** Randomness that a phone has on a plain-HTTP network too: `getRandomValues` only, neither `randomUUID` nor `subtle`. */

/** A fresh identifier of 128 random bits, 32 hexadecimal digits. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A number in [0, 1). */
export function random(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}

/** A secret number of that many random bytes. */
export function randomNumber(bytes: number): bigint {
  return crypto.getRandomValues(new Uint8Array(bytes)).reduce((number, byte) => (number << 8n) + BigInt(byte), 0n);
}
