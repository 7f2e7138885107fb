/**
 * Powers in the group of Cognito's SRP: the 3072-bit prime that RFC 5054 takes from RFC 3526, and the generator 2.
 *
 * SG1. A power is a Diffie-Hellman secret, so OpenSSL reckons it, in constant time and off the main thread: JavaScript's own takes 6 ms of the loop.
 */
import { createPrivateKey, createPublicKey, diffieHellman, getDiffieHellman, type KeyObject } from "node:crypto";

/** The prime of the 3,072-bit group of RFC 3526, which Cognito uses. */
export const prime = BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`);
/** The generator of the group. */
export const generator = 2n;

/**
 * `base` to the power of `exponent`, modulo the prime. Rejects where the base is 0, 1 or -1: those have no place in an exchange.
 * @param exponent above 0 and far below the prime
 */
export function power(base: bigint, exponent: bigint): Promise<bigint> {
  return new Promise((resolve, reject) => {
    diffieHellman({ privateKey: privateKeyOf(exponent), publicKey: publicKeyOf(base % prime) }, (error, secret) => {
      if (error) reject(error);
      else resolve(BigInt(`0x${secret.toString("hex")}`));
    });
  });
}

/** Bytes as Java's `BigInteger.toByteArray` has them, which Cognito's hashes are made of: as few as may be, the first bit 0. */
export function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex");
}

const tags = { integer: 0x02, bits: 0x03, bytes: 0x04, sequence: 0x30 } as const;

/** One value in ASN.1's distinguished encoding. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = bytesOf(BigInt(content.length));
  const isShort = content.length < 128;
  // A long length stands without the sign's byte.
  const long = length[0] === 0 ? length.subarray(1) : length;
  return Buffer.concat([Buffer.from(isShort ? [tag, content.length] : [tag, 0x80 + long.length, ...long]), content]);
}

const integer = (value: bigint): Buffer => der(tags.integer, bytesOf(value));

/** PKCS #3: `dhKeyAgreement` with its parameters. */
const algorithm = der(tags.sequence, Buffer.from("06092a864886f70d010301", "hex"), der(tags.sequence, integer(prime), integer(generator)));

function privateKeyOf(exponent: bigint): KeyObject {
  const key = der(tags.sequence, integer(0n), algorithm, der(tags.bytes, integer(exponent)));
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

function publicKeyOf(value: bigint): KeyObject {
  const key = der(tags.sequence, algorithm, der(tags.bits, Buffer.from([0]), integer(value)));
  return createPublicKey({ key, format: "der", type: "spki" });
}
