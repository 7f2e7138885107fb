import type { Duplex } from "node:stream";
import { type Bucket, createBucket } from "./bucket.ts";
import type { Connection } from "./connection.ts";
import type { BrokerLimits } from "./limits.ts";

/** All links of one address together. */
export interface Address {
  readonly name: string;
  readonly packets: Bucket;
  readonly bytes: Bucket;
  readonly openings: Bucket;
  /** Open ones, and those that wait to be opened. */
  links: number;
  /** Those whose turn to be opened comes. */
  unopened: number;
  /** Those that are opened once there is room for them, the newest last. */
  readonly line: { readonly socket: Duplex; readonly open: () => void }[];
  /** Links that have not said CONNECT, the oldest first. */
  readonly waiting: Set<Connection>;
  usedMs: number;
}

/** All addresses that have links, with the allowances that the links of one address share. */
export interface Addresses {
  of(name: string): Address;
  /** Forgets addresses that have had no link for 2 minutes: by then their allowances are full again. */
  forgetIdle(): void;
}

const forgottenAfterMs = 120_000;

/** @param nowMs real time */
export function createAddresses(limits: BrokerLimits, nowMs: () => number): Addresses {
  const all = new Map<string, Address>();

  function create(name: string): Address {
    return {
      name,
      packets: createBucket(limits.packetsPerAddress, nowMs),
      bytes: createBucket(limits.bytesPerAddress, nowMs),
      openings: createBucket(limits.openingsPerAddress, nowMs),
      links: 0,
      unopened: 0,
      line: [],
      waiting: new Set(),
      usedMs: 0,
    };
  }

  return {
    of(name) {
      const address = all.get(name) ?? create(name);
      all.set(name, address);
      address.usedMs = nowMs();
      return address;
    },
    forgetIdle() {
      for (const [name, { links, usedMs }] of all) {
        if (links === 0 && nowMs() - usedMs > forgottenAfterMs) all.delete(name);
      }
    },
  };
}
