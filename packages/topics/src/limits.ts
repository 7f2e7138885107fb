import type { Allowance } from "./bucket.ts";
import type { PacketLengths } from "./packet-meter.ts";

/** What one client, and all clients of one address, may take up. Bytes, counts and seconds. */
export interface BrokerLimits extends PacketLengths {
  readonly maxSubscriptions: number;
  /** What may wait for one client before it is cut off. */
  readonly maxQueuedBytes: number;
  readonly maxQueuedMessages: number;
  /** Time from the connection to CONNECT; a crowd is ended within the second after it. */
  readonly connectSeconds: number;
  /** The longest keep-alive; a link silent for one and a half times as long is dead. */
  readonly keepAliveSeconds: number;
  readonly maxConnections: number;
  readonly maxClientIdLength: number;
  /** What one link may send: packets and pings, and bytes as they come off the network. Acknowledging a message that it was given costs nothing. */
  readonly packetsPerLink: Allowance;
  readonly bytesPerLink: Allowance;
  /** What all links of one address may send, acknowledgements aside. */
  readonly packetsPerAddress: Allowance;
  readonly bytesPerAddress: Allowance;
  readonly linksPerAddress: number;
  /** How many links an address may open. */
  readonly openingsPerAddress: Allowance;
  /** Links of one address that have not said CONNECT; beyond that the one that has waited longest makes room, if it has waited for `roomSeconds`. */
  readonly waitingPerAddress: number;
  /** Upgrades of one address that stand in line until there is room; beyond that they are refused. */
  readonly linePerAddress: number;
  /** So long a phone may be on its way from the link to its CONNECT. */
  readonly roomSeconds: number;
  /** About how long a client that opens too many waits for its refusal. */
  readonly refusalSeconds: number;
}

/**
 * For a shop's phones, tablets and displays. A conference stands behind one address: what an address may do is what 5,000 phones do that all
 * come back within 8 s of a restart (two packets and a token of 1 kB each) and then ping every 30 s. It leaves room for other addresses,
 * and its cost is bounded by what one link may do and by the broker's portions.
 */
export const defaultLimits: BrokerLimits = {
  maxConnectBytes: 4 * 1024,
  maxPacketBytes: 1024,
  maxSubscriptions: 16,
  maxQueuedBytes: 1024 * 1024,
  maxQueuedMessages: 200,
  connectSeconds: 9,
  keepAliveSeconds: 30,
  maxConnections: 10_000,
  maxClientIdLength: 128,
  packetsPerLink: { burst: 40, perSecond: 4 },
  bytesPerLink: { burst: 8 * 1024, perSecond: 1024 },
  packetsPerAddress: { burst: 12_000, perSecond: 400 },
  bytesPerAddress: { burst: 12 * 1024 * 1024, perSecond: 128 * 1024 },
  linksPerAddress: 6_000,
  openingsPerAddress: { burst: 6_000, perSecond: 100 },
  waitingPerAddress: 300,
  linePerAddress: 5_000,
  roomSeconds: 1,
  refusalSeconds: 3,
};
