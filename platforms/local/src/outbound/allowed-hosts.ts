/**
 * Which hosts the shop may call over HTTP, by the operator's word. None by default.
 *
 * H1. A host is called only where it is on the list, with its port where that is not its scheme's own.
 * H2. What a connection holds goes out encrypted: without TLS only this machine and literal addresses are called.
 * H3. A name on the list never leads to a private address, or to this machine: such an address must itself be on the list.
 */
import { BlockList, isIP } from "node:net";

/** The hosts that workflows and rules may call, as the operator listed them (H1 to H3). */
export interface AllowedHosts {
  /** Why this address may not be called, in a sentence; undefined where it may (H1). */
  reasonAgainst(url: URL): string | undefined;
  /** The same for what a name was resolved to (H3). */
  reasonAgainstAddress(url: URL, address: string): string | undefined;
}

const ownPorts: Readonly<Record<string, string>> = { "https:": "443", "http:": "80" };

/** @param hosts `NAME` or `NAME:PORT`, as in an address */
export function createAllowedHosts(hosts: readonly string[]): AllowedHosts {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  const entryOf = ({ hostname, port, protocol }: URL): string => {
    const isOwnPort = port === "" || port === ownPorts[protocol];
    return isOwnPort ? hostname : `${hostname}:${port}`;
  };
  return {
    reasonAgainst(url) {
      if (ownPorts[url.protocol] === undefined) return `"${url.protocol}" is not a way to call a host, expected https: or http:`;
      if (url.username !== "" || url.password !== "") return "the address holds credentials, expected them in a connection";
      if (url.protocol === "http:" && !isLiteral(url)) return `the call to "${entryOf(url)}" would not be encrypted, expected https:`;
      if (allowed.has(entryOf(url))) return undefined;
      return `the host "${entryOf(url)}" is not allowed; start the shop with --outbound-host ${entryOf(url)} to allow it`;
    },
    reasonAgainstAddress(url, address) {
      if (isLiteral(url) || !isPrivate(address)) return undefined;
      return `the host "${url.hostname}" leads to the private address ${address}; allow the address itself if that is meant`;
    },
  };
}

/** A literal address, or this machine by its own name: allowed as such. */
function isLiteral({ hostname }: URL): boolean {
  return hostname === "localhost" || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
}

const notPublic = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  notPublic.addSubnet(network, prefix, "ipv4");
}
/** Of IPv6 only 2000::/3 is public, and of that not what leads on to IPv4 or is for documents. */
const publicIpv6 = new BlockList();
publicIpv6.addSubnet("2000::", 3, "ipv6");
const notPublicIpv6 = new BlockList();
for (const [network, prefix] of [
  ["2001::", 32],
  ["2001:db8::", 32],
  ["2002::", 16],
] as const) {
  notPublicIpv6.addSubnet(network, prefix, "ipv6");
}

/** Whether an address is not one of the public network. */
export function isPrivate(address: string): boolean {
  if (isIP(address) === 4) return notPublic.check(address, "ipv4");
  return !publicIpv6.check(address, "ipv6") || notPublicIpv6.check(address, "ipv6");
}
