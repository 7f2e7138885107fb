import type { Address } from "./addresses.ts";
import { createBucket } from "./bucket.ts";
import type { Inbound } from "./connection.ts";
import type { BrokerLimits } from "./limits.ts";
import { createPacketMeter, type Measured } from "./packet-meter.ts";

/** An acknowledgement within its frame, and a little more for clients that send it in pieces. */
const acknowledgementBytes = 32;
/** More than may ever wait for a client. */
const mostExpected = 1_000;

const tooManyBytes = "it sends too many bytes";
const tooManyPackets = "it sends too many packets";
const addressSendsTooMuch = "its address sends too much";

/** Returns the meter of one link's traffic. It takes from the link's own allowance, then from its address's. @param nowMs real time */
export function createInbound(limits: BrokerLimits, address: Address, nowMs: () => number): Inbound {
  const bytes = createBucket(limits.bytesPerLink, nowMs);
  const packets = createBucket(limits.packetsPerLink, nowMs);
  const meter = createPacketMeter(limits);
  let expected = 0;
  let expectedBytes = 0;

  function take(number: number): string | undefined {
    if (!packets.take(number)) return tooManyPackets;
    return address.packets.take(number) ? undefined : addressSendsTooMuch;
  }

  function countedOf({ packets, acknowledgements }: Measured): number {
    const free = Math.min(acknowledgements, expected);
    expected -= free;
    return packets - free;
  }

  return {
    takeBytes(length) {
      const free = Math.min(length, expectedBytes);
      expectedBytes -= free;
      if (!bytes.take(length - free)) return tooManyBytes;
      return address.bytes.take(length - free) ? undefined : addressSendsTooMuch;
    },
    takePing: () => take(1),
    takePackets(bytes) {
      const measured = meter(bytes);
      const refusal = take(countedOf(measured));
      if (measured.tooLong !== undefined) return `a packet is longer than ${measured.tooLong} bytes`;
      return refusal ?? measured.packets;
    },
    expectAcknowledgement() {
      expected = Math.min(mostExpected, expected + 1);
      expectedBytes = Math.min(mostExpected * acknowledgementBytes, expectedBytes + acknowledgementBytes);
    },
  };
}
