import { networkInterfaces } from "node:os";

/** The names under which this server may be called; a request for another is not meant for it (DNS rebinding). */
export interface Hosts {
  /** Whether a `Host` header, port included, is one of them. */
  includes(header: string | undefined): boolean;
  /** Addresses at which other machines reach it; empty where it listens on the loopback alone. */
  readonly reachable: readonly string[];
}

const loopback = ["localhost", "127.0.0.1", "[::1]"];
const everywhere = new Set(["0.0.0.0", "::", "[::]"]);

/** @param bound the address that is listened on @param extra further names, from `HOST_NAMES` */
export function createHosts(bound: string, extra: readonly string[] = []): Hosts {
  const reachable = everywhere.has(bound) ? lanAddresses() : loopback.includes(bound) || bound === "::1" ? [] : [bound];
  const names = new Set([...loopback, bound, ...reachable, ...extra].map((name) => name.toLowerCase()));
  return {
    reachable,
    includes: (header) => header !== undefined && names.has(hostName(header)),
  };
}

/**
 * Host and port under which phones reach the server at `origin`: its own, unless that is the loopback and there is an
 * address on the network. A display that is opened on the serving machine itself must not show a code that leads nowhere else.
 */
export function hostForPhones(origin: string, { reachable }: Pick<Hosts, "reachable">): string {
  const { host, hostname, port } = new URL(origin);
  const [address] = reachable;
  if (address === undefined || !loopback.includes(hostname)) return host;
  return port === "" ? address : `${address}:${port}`;
}

/** `Host` without its port, in lower case. */
function hostName(header: string): string {
  return header.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
}

function lanAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address);
}
