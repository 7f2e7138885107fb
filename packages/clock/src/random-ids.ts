import { randomBytes, randomFillSync, randomUUID } from "node:crypto";
import type { Clock, Ids } from "@serverlesspresso/ports";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Of a ULID, five bits each: those of its time, and those of its random part. */
const timeDigits = 10;
const randomDigits = 16;

/** Identifiers from the machine's cryptographic source; ULIDs take their time from `clock` and ascend within one process. */
export function createIds(clock: Clock): Ids {
  let lastMs = 0;
  let time = "";
  let digits = new Uint8Array(randomDigits);
  const draw = createDraw();

  return {
    ulid() {
      const now = clock.nowMs();
      // Within one millisecond the random part counts up, as the ULID specification says for monotonic makers.
      if (now > lastMs) [lastMs, time, digits] = [now, encodeTime(now), draw()];
      else countUp(digits);
      let text = time;
      for (const digit of digits) text += alphabet[digit];
      return text;
    },
    uuid: () => randomUUID(),
    secret: (bits) => randomBytes(bits / 8).toString("base64url"),
    random: () => Math.random(),
  };
}

/** Draws random parts. Many are taken from the source at once: each time costs as much as the ULID itself. */
function createDraw(): () => Uint8Array<ArrayBuffer> {
  const drawn = new Uint8Array(randomDigits * 64);
  let at = drawn.length;
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn);
      at = 0;
    }
    const digits = drawn.slice(at, at + randomDigits).map((byte) => byte & 31);
    // Used once.
    drawn.fill(0, at, at + randomDigits);
    at += randomDigits;
    // The highest bit is room to count up.
    digits[0] = (digits[0] as number) & 15;
    return digits;
  };
}

function countUp(digits: Uint8Array): void {
  let at = digits.length - 1;
  for (; digits[at] === 31; at--) digits[at] = 0;
  digits[at] = (digits[at] as number) + 1;
}

function encodeTime(ms: number): string {
  let text = "";
  for (let rest = ms; text.length < timeDigits; rest = Math.floor(rest / 32)) text = alphabet[rest % 32] + text;
  return text;
}
