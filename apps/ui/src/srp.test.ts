import { createHash, createHmac, getDiffieHellman, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hkdf, hmac, sha256 } from "./sha256.ts";
import { N } from "./srp.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

test("hashes, their keyed form and the key that follows are the standards'", () => {
  fc.assert(
    fc.property(bytes, bytes, fc.uint8Array({ maxLength: 64 }), (one, other, key) => {
      expect(Buffer.from(sha256(one, other))).toEqual(createHash("sha256").update(one).update(other).digest());
      expect(Buffer.from(hmac(key, one, other))).toEqual(createHmac("sha256", key).update(one).update(other).digest());
      expect(Buffer.from(hkdf(one, key, other))).toEqual(Buffer.from(hkdfSync("sha256", one, key, other, 16)));
    }),
  );
});

test("the group is RFC 3526's of 3072 bits", () => {
  expect(N.toString(16)).toBe(getDiffieHellman("modp15").getPrime("hex"));
});
