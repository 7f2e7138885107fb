/**
 * Who asks, as far as requesters can be distinguished.
 *
 * D1. A device is known by an id that it makes and keeps, too long to be guessed; it says it as `ClientMetadata.device`. One that says none is its address.
 * D2. A device that has signed in to an account is known to it for 90 days: what strangers do with that account elsewhere refuses it nothing.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Expiry } from "./expiry.ts";
import { keys } from "./keys.ts";
import { sha256 } from "./secrets.ts";
import { knownDeviceLifeMs } from "./settings.ts";

/** The device or address that a call comes from. */
export interface Requester {
  readonly sourceAddress: string;
  /** A hash of the device's id. */
  readonly device: string | undefined;
  /** Unique to this requester. */
  readonly name: string;
}

/** Reads who asks; an id that could be guessed counts as none. */
export function requesterOf(sourceAddress: string, metadata: { readonly device?: string | undefined } | undefined): Requester {
  const id = metadata?.device;
  const device = id !== undefined && /^[\w-]{22,64}$/.test(id) ? sha256(id) : undefined;
  return { sourceAddress, device, name: device === undefined ? `address ${sourceAddress}` : `device ${device}` };
}

/** Devices that have signed in (D2). */
export interface KnownDevices {
  isKnown(view: ReadView, sub: string | undefined, requester: Requester): boolean;
  remember(tx: Transaction, sub: string, requester: Requester): void;
}

interface KnownDevice {
  readonly expiresMs: number;
}

/** Returns the devices that accounts know. */
export function createKnownDevices(clock: Clock, expiry: Expiry): KnownDevices {
  return {
    isKnown(view, sub, { device }) {
      if (sub === undefined || device === undefined) return false;
      const known = view.get<KnownDevice>(keys.device(sub, device));
      return known !== undefined && known.expiresMs > clock.nowMs();
    },
    remember(tx, sub, { device }) {
      if (device === undefined) return;
      const expiresMs = clock.nowMs() + knownDeviceLifeMs;
      tx.put(keys.device(sub, device), { expiresMs } satisfies KnownDevice);
      expiry.set(tx, keys.device(sub, device), expiresMs);
    },
  };
}
