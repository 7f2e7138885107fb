import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keys } from "./keys.ts";
import type { User } from "./records.ts";
import { putUser, readUser, scanUsers } from "./stored-user.ts";
import { openTestPool, type TestPool } from "./testing.ts";

let t: TestPool;
beforeEach(async () => {
  t = await openTestPool();
});
afterEach(() => t.close());

const guest = {
  sub: "g",
  kind: "guest",
  name: "Ada",
  emailVerified: false,
  status: "CONFIRMED",
  enabled: true,
  groups: [],
  createdMs: 5,
  updatedMs: 5,
} as const;

test("W1: what was written is read, whatever is unusual about it", async () => {
  const user: fc.Arbitrary<User> = fc.record(
    {
      sub: fc.constant("g"),
      kind: fc.constantFrom("guest", "account", "device"),
      name: fc.string(),
      email: fc.constant("a@example.com"),
      emailVerified: fc.boolean(),
      status: fc.constantFrom("CONFIRMED", "UNCONFIRMED"),
      enabled: fc.boolean(),
      groups: fc.subarray(["admin", "operator"]),
      createdMs: fc.nat(3),
      updatedMs: fc.nat(3),
    },
    { requiredKeys: ["sub", "kind", "emailVerified", "status", "enabled", "groups", "createdMs", "updatedMs"] },
  );
  await t.store.transact((tx) => {
    fc.assert(
      fc.property(user, (one) => {
        putUser(tx, one);
        expect(readUser(tx, "g")).toEqual(one);
        expect(scanUsers(tx, "f", 1)).toEqual([one]);
      }),
    );
  });
});

test("W2: of a guest the name and the day are written", async () => {
  await t.store.transact((tx) => putUser(tx, guest));
  expect(t.store.get(keys.user("g"))).toEqual({ kind: "guest", name: "Ada", createdMs: 5 });
});

test("W3: a guest of an earlier release is read as it is", async () => {
  const earlier = { ...guest, enabled: false, updatedMs: 7 };
  await t.store.transact((tx) => tx.put(keys.user("g"), earlier));
  expect(readUser(t.store, "g")).toEqual(earlier);
});
