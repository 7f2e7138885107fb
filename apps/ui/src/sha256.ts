/**
 * SHA-256 (FIPS 180-4), HMAC and one block of HKDF: on a plain-HTTP page there is no `crypto.subtle`. A library's weigh 3 kB, which the pages have not.
 * The constants are what the standard says of them: the first bits of the roots of the first primes.
 */
const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0;
const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/**
 * Returns SHA-256 of the parts one after another, 32 bytes. For pages without `crypto.subtle`, which browsers keep from plain HTTP.
 * @see https://csrc.nist.gov/pubs/fips/180-4/upd1/final
 */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const message = parts.flatMap((part) => [...part]);
  const bytes = new Uint8Array(((message.length + 72) >> 6) << 6);
  bytes.set([...message, 128]);
  const view = new DataView(bytes.buffer);
  view.setInt32(bytes.length - 4, message.length * 8);
  let hash = start;
  for (let at = 0; at < bytes.length; at += 64) {
    const words: number[] = [];
    const word = (i: number): number => words[i] as number;
    let state = hash;
    for (let i = 0; i < 64; i++) {
      const [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
      words[i] =
        i < 16
          ? view.getInt32(at + i * 4)
          : (word(i - 16) +
              word(i - 7) +
              (turned(word(i - 15), 7) ^ turned(word(i - 15), 18) ^ (word(i - 15) >>> 3)) +
              (turned(word(i - 2), 17) ^ turned(word(i - 2), 19) ^ (word(i - 2) >>> 10))) |
            0;
      const first = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + (constants[i] as number) + word(i);
      const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      state = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
    }
    hash = hash.map((old, i) => (old + (state[i] as number)) | 0);
  }
  hash.forEach((value, i) => void view.setInt32(i * 4, value));
  return bytes.slice(0, 32);
}

/** @param key at most 64 bytes */
export function hmac(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const block = new Uint8Array(64);
  block.set(key);
  const padded = (pad: number): Uint8Array => block.map((byte) => byte ^ pad);
  return sha256(padded(0x5c), sha256(padded(0x36), ...parts));
}

/** The first 16 bytes of HKDF (RFC 5869). */
export function hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array {
  return hmac(hmac(salt, secret), info, Uint8Array.of(1)).slice(0, 16);
}
