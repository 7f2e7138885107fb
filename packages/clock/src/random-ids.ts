import { randomBytes, randomUUID } from "node:crypto";
import type { Clock, Ids } from "@serverlesspresso/ports";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Identifiers from the machine's cryptographic source; ULIDs take their time from `clock` and ascend within one process. */
export function createIds(clock: Clock): Ids {
  let lastMs = 0;
  let lastRandom = 0n;
  return {
    ulid() {
      const now = clock.nowMs();
      // Within one millisecond the random part counts up, as the ULID specification says for monotonic makers.
      if (now > lastMs) [lastMs, lastRandom] = [now, BigInt(`0x${randomBytes(10).toString("hex")}`) >> 1n];
      else lastRandom += 1n;
      return encode(BigInt(lastMs), 10) + encode(lastRandom, 16);
    },
    uuid: () => randomUUID(),
    secret: (bits) => randomBytes(bits / 8).toString("base64url"),
    random: () => Math.random(),
  };
}

function encode(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest >>= 5n) text = alphabet[Number(rest & 31n)] + text;
  return text;
}
