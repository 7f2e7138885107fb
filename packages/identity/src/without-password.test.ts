import { rangeOf } from "@serverlesspresso/store";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "./record-kinds.ts";
import { openTestPool, type TestPool } from "./testing.ts";

let t: TestPool;
beforeEach(async () => {
  t = await openTestPool();
});
afterEach(() => t.close());

const tablet = { id: "0ab1d5f0-7c11-8d20-8f30-2f1c0a9b8c7d", kind: "device", name: "Counter", groups: ["admin"] } as const;

test("guests: a name is enough, hidden characters go, forty characters stay", async () => {
  const { AccessToken, IdToken } = await t.guest("  Ana\u202e\u200b\u0000   \u2066Bea\n ");
  expect(decodeJwt(IdToken)).toMatchObject({ name: "Ana Bea" });
  expect(await t.pool.verifyAccessToken(AccessToken)).toMatchObject({ kind: "guest", "cognito:groups": [] });
  await expect(t.guest("\u200b\u3164")).rejects.toMatchObject({ name: "InvalidParameterException" });
  expect((decodeJwt((await t.guest("x".repeat(200))).IdToken).name as string).length).toBe(40);
});

test("a repeat finds the same user, under the id that was given; two at once make one", async () => {
  const both = await Promise.all([t.pool.signInWithoutPassword(tablet), t.pool.signInWithoutPassword(tablet)]);
  const later = await t.pool.signInWithoutPassword({ ...tablet, name: "Renamed", isRepeat: true });
  for (const { IdToken, AccessToken } of [...both, later]) {
    expect(decodeJwt(IdToken)).toMatchObject({ sub: tablet.id, name: "Counter" });
    expect(await t.pool.verifyAccessToken(AccessToken)).toMatchObject({ kind: "device", "cognito:groups": ["admin"] });
  }
  expect(t.store.scan(rangeOf("iuser"))).toHaveLength(1);
});

test("a repeat makes no user, and who was disabled or is of another kind gets nothing", async () => {
  await expect(t.pool.signInWithoutPassword({ ...tablet, isRepeat: true })).rejects.toMatchObject({ name: "UserNotFoundException" });
  await t.pool.signInWithoutPassword(tablet);
  await expect(t.pool.signInWithoutPassword({ ...tablet, kind: "guest" })).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await expect(t.call("AdminAddUserToGroup", { Username: tablet.id, GroupName: "operator" })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await t.call("AdminDisableUser", { Username: tablet.id });
  await expect(t.pool.signInWithoutPassword(tablet)).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("pairings by an earlier release are forgotten, with the device that never fetched its tokens", async () => {
  const { migrations = [], key } = kinds.pairings;
  const fetched = await t.pool.signInWithoutPassword(tablet);
  const user = { kind: "device", emailVerified: false, status: "CONFIRMED", enabled: true, groups: ["admin"], createdMs: 1, updatedMs: 1 };
  await t.store.transact((tx) => {
    tx.put(kinds.users.key("never"), { ...user, sub: "never" });
    tx.put(key("secret", "a"), { deviceName: "Never", code: "AAAAAA", expiresMs: 1, sub: "never" });
    tx.put(key("secret", "b"), { deviceName: "Counter", code: "BBBBBB", expiresMs: 1, sub: tablet.id, delivered: true });
    tx.put(key("secret", "c"), { deviceName: "Waits", code: "CCCCCC", expiresMs: 1 });
    tx.put(key("code", "CCCCCC"), key("secret", "c"));
  });
  await t.store.transact((tx) => {
    for (const { change } of migrations) for (const [at, value] of tx.scan(kinds.pairings.range())) change(tx, at, value);
  });
  expect(t.store.scan(rangeOf("ipair"))).toEqual([]);
  expect(t.store.get(kinds.users.key("never"))).toBeUndefined();
  expect(await t.pool.verifyAccessToken(fetched.AccessToken)).toMatchObject({ sub: tablet.id });
});
