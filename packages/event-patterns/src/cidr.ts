/** IP addresses and the ranges that `cidr` names, as numbers. */
import { isIPv6 } from "node:net";

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/**
 * Compiles `10.0.0.0/24` or `2001:db8::/32`. The range begins at the address as written, as event-ruler has it.
 * @throws {RangeError} in event-ruler's words
 */
export function compileCidr(cidr: string): (text: string) => boolean {
  const parts = cidr.split("/");
  if (parts.length !== 2) throw new RangeError("Malformed CIDR, one '/' required");
  const [ip, mask] = parts as [string, string];
  if (!/^[+-]?[0-9]+$/.test(mask)) throw new RangeError("Malformed CIDR, mask bits must be an integer");
  const maskBits = Number(mask);
  if (maskBits < 0) throw new RangeError("Malformed CIDR, mask bits must not be negative");
  const low = parseAddress(ip);
  if (low === undefined) throw new RangeError(`Nonstandard IP address: ${ip}`);
  if (maskBits >= low.bits) throw new RangeError(`IPv${low.bits === 32 ? 4 : 6} mask bits must be < ${low.bits}`);
  const high = low.value | ((1n << BigInt(low.bits - maskBits)) - 1n);
  return (text) => {
    const address = parseAddress(text);
    return address !== undefined && address.bits === low.bits && address.value >= low.value && address.value <= high;
  };
}

/** Compiles "the same address, however written", or undefined where `text` is no address. */
export function compileAddress(text: string): ((text: string) => boolean) | undefined {
  const want = parseAddress(text);
  if (want === undefined) return undefined;
  return (other) => {
    const got = parseAddress(other);
    return got !== undefined && got.bits === want.bits && got.value === want.value;
  };
}

function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const four = /^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/.exec(text);
  if (four !== null) {
    const bytes = four.slice(1).map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    return { bits: 32, value: bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) };
  }
  if (!/^[0-9a-fA-F:]+$/.test(text) || !isIPv6(text)) return undefined;
  return { bits: 128, value: sixToNumber(text) };
}

function sixToNumber(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
