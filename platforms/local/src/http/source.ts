/**
 * From where a request comes.
 *
 * S1. Only a proxy that is named as trusted is believed about its clients; forwarding headers of any other peer are ignored, and the address of its connection counts.
 * S2. The client is the last address of the chain that no trusted proxy has. Where `Forwarded` and `X-Forwarded-For` are both there and differ, one was the client's own word: the proxy's address counts.
 * S3. Of IPv6 the first 64 bits are one address: a client that has one has them all.
 */
import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";

/** Who asks, and by which name. */
export interface Source {
  readonly address: string;
  readonly scheme: "http" | "https";
  readonly host: string | undefined;
  /** The path under which a proxy serves us, without a slash at its end: `/bar`. */
  readonly prefix: string;
  /** Whether a trusted proxy stands between. */
  readonly isForwarded: boolean;
}
/** @param peer the other end of the connection */
export type ReadSource = (headers: IncomingHttpHeaders, peer: string) => Source;

/** Whether a text names a proxy, or a network of them: an address, one with a length as in CIDR, or `loopback`. */
export function isTrustable(text: string): boolean {
  if (text === "loopback") return true;
  const [address = "", bits, ...more] = text.split("/");
  if (more.length > 0) return false;
  return isIP(address) !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longestOf(address)));
}

/** Whether a network is wider than the widest private ones, 10.0.0.0/8 and fc00::/7: a client from anywhere may be of it. */
export function isTooWide(text: string): boolean {
  const [address = "", bits] = text.split("/");
  if (bits !== undefined && isIP(address) === 6 && Number(bits) < 7) return true;
  const network = trustedAddresses([text]);
  // Counted, because networks of IPv6 may hold IPv4 as well: ::ffff:0:0/96 has all of it.
  const blocks = Array.from({ length: 256 }, (_, first) => `${first}.0.0.0`).filter((one) => network.check(one, "ipv4"));
  return blocks.length > 1;
}

/** @param trusted each of them `isTrustable` @param isSecure whether we serve HTTPS ourselves */
export function createReadSource(trusted: readonly string[], isSecure: boolean): ReadSource {
  const proxies = trustedAddresses(trusted);
  const isTrusted = (address: string): boolean =>
    trusted.length > 0 && isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  const scheme = isSecure ? "https" : "http";

  return (headers, peer) => {
    const proxy = plainAddress(peer);
    if (!isTrusted(proxy)) return { address: networkOf(proxy), scheme, host: headers.host, prefix: "", isForwarded: false };
    const chain = clientsOf(headers);
    const client = chain?.findLast((address) => !isTrusted(address)) ?? chain?.[0] ?? proxy;
    return {
      address: networkOf(isIP(client) === 0 ? proxy : client),
      scheme: schemeOf(headers) ?? scheme,
      host: lastOf(headers["x-forwarded-host"]) ?? parameterOf(headers, "host") ?? headers.host,
      prefix: prefixOf(lastOf(headers["x-forwarded-prefix"])),
      isForwarded: true,
    };
  };
}

/** Whether the address of a source is this machine's own. @param own its addresses on the network */
export function isThisMachine(address: string, own: readonly string[]): boolean {
  return address.startsWith("127.") || address === networkOf("::1") || own.includes(address);
}

function longestOf(address: string): 32 | 128 {
  return isIP(address) === 6 ? 128 : 32;
}

function trustedAddresses(trusted: readonly string[]): BlockList {
  const list = new BlockList();
  for (const one of trusted) {
    for (const network of one === "loopback" ? ["127.0.0.0/8", "::1"] : [one]) {
      const [address = "", bits] = network.split("/");
      list.addSubnet(address, Number(bits ?? longestOf(address)), longestOf(address) === 128 ? "ipv6" : "ipv4");
    }
  }
  return list;
}

/** S2. The chain of clients, the nearest last; undefined without one to be believed. */
function clientsOf(headers: IncomingHttpHeaders): string[] | undefined {
  const forwardedFor = listOf(headers["x-forwarded-for"])?.map(plainAddress);
  const forwarded = forwardedParameters(headers, "for").map(plainAddress);
  if (forwardedFor === undefined) return forwarded.length === 0 ? undefined : forwarded;
  return forwarded.length === 0 || forwarded.at(-1) === forwardedFor.at(-1) ? forwardedFor : undefined;
}

function schemeOf(headers: IncomingHttpHeaders): "http" | "https" | undefined {
  const scheme = lastOf(headers["x-forwarded-proto"]) ?? parameterOf(headers, "proto");
  return scheme === "http" || scheme === "https" ? scheme : undefined;
}

function parameterOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  return forwardedParameters(headers, name).at(-1);
}

/** @see https://www.rfc-editor.org/rfc/rfc7239#section-4 */
function forwardedParameters({ forwarded }: IncomingHttpHeaders, name: string): string[] {
  const pairs = (listOf(forwarded) ?? []).map((element) => element.split(";").map((pair) => pair.trim().split("=", 2)));
  return pairs.flatMap((element) => {
    const value = element.find(([key]) => key?.toLowerCase() === name)?.[1];
    return value === undefined ? [] : [value.replace(/^"(.*)"$/, "$1")];
  });
}

function prefixOf(given: string | undefined): string {
  const prefix = given?.endsWith("/") ? given.slice(0, -1) : (given ?? "");
  // "." and ".." would lead a client that follows one of our addresses elsewhere.
  return /^(\/(?!\.\.?(\/|$))[\w.~-]+)+$/.test(prefix) ? prefix : "";
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return listOf(header)?.at(-1);
}

function listOf(header: string | string[] | undefined): string[] | undefined {
  const parts = String(header ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts;
}

/** Without port and brackets, and IPv4 as itself. */
function plainAddress(text: string): string {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? (/^[\d.]+:\d+$/.test(text) ? text.replace(/:\d+$/, "") : text);
  return bare.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** S3. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [withoutZone = ""] = address.toLowerCase().split("%", 1);
  const [head = "", tail] = withoutZone.split("::");
  const start = head === "" ? [] : head.split(":");
  const end = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - start.length - end.length)).fill("0");
  const groups = [...start, ...zeros, ...end].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${groups.join(":")}::/64`;
}
