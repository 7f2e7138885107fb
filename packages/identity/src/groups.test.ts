/** Who is an operator in a folder of a release that had no group for it. */
import { bringUpToDate } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "./record-kinds.ts";
import type { User } from "./records.ts";
import { openTestPool, type TestPool } from "./testing.ts";

let t: TestPool;
beforeEach(async () => {
  t = await openTestPool();
});
afterEach(() => t.close());

const password = "flower pot on the roof";

test("accounts in `admin` stay operators; a device does not become one, nor does who was in a group that happened to have the name", async () => {
  const users: Readonly<Record<string, Partial<User>>> = {
    barista: { groups: ["admin"] },
    both: { groups: ["operator", "admin"] },
    named: { groups: ["operator"] },
    other: { groups: ["friends"] },
    display: { kind: "device", groups: ["admin", "operator"] },
  };
  for (const [name, change] of Object.entries(users)) {
    const sub = await t.signUp(`${name}@example.com`, password);
    const key = kinds.users.key(sub);
    await t.store.transact((tx) => tx.put(key, { ...tx.get<User>(key), name, ...change }));
  }
  const told: string[] = [];
  for (let start = 0; start < 2; start++) await bringUpToDate(t.store, (line) => told.push(line), [kinds.users]);
  const groups = t.store.scan<User>(kinds.users.range()).map(([, { name, groups }]) => [name, groups]);
  expect(Object.fromEntries(groups)).toEqual({
    barista: ["admin", "operator"],
    both: ["admin", "operator"],
    named: [],
    other: ["friends"],
    display: ["admin"],
  });
  expect(told).toEqual([expect.stringMatching(/^users: accounts in group admin, .*\(version 2, 4 records\)$/)]);
});
