/** The pairing of devices on AWS (aws.P1 to P3): codes, secrets and their ends, over the engine's tables and a clock that the test moves. */
import { createIds } from "@serverlesspresso/clock";
import { createTablesPort } from "@serverlesspresso/tables";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NewUser, UserPool } from "../../platforms/aws/src/runtime/adapters/user-pool.ts";
import { createPairingDesk, type PairingDesk } from "../../platforms/aws/src/runtime/pairing/pairing-desk.ts";
import { type Bar, openBar } from "../support/bar.ts";

let bar: Bar;
let desk: PairingDesk;
const signedIn: NewUser[] = [];
const tokens = { AccessToken: "a", IdToken: "i", RefreshToken: "r", ExpiresIn: 3600, TokenType: "Bearer" } as const;
const userPool: UserPool = {
  async signInWithoutPassword(user) {
    signedIn.push(user);
    return tokens;
  },
};
const problem = (slug: string) => ({ problem: { type: `urn:serverlesspresso:problem:${slug}` } });

beforeAll(async () => {
  bar = await openBar();
  const { store, tables } = bar.platform;
  const tableName = "pairings";
  await store.transact((tx) =>
    tables.createTable(tx, {
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "PK", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "PK", KeyType: "HASH" }],
    }),
  );
  desk = createPairingDesk({ tables: createTablesPort(store, tables), clock: bar.clock, ids: createIds(bar.clock), tableName });
});
afterAll(() => bar.close());

test("tokens go to who holds the secret, once an admin has confirmed the code", async () => {
  const { code, deviceSecret, expiresMs } = await desk.start("  Display \u202e 1 ");
  expect([code, expiresMs]).toEqual([expect.stringMatching(/^[2-9A-HJ-NP-Z]{6}$/), bar.clock.nowMs() + 600_000]);
  expect(await desk.poll(deviceSecret, userPool)).toBeUndefined();
  expect(await desk.confirm(` ${code.slice(0, 3)}-${code.slice(3).toLowerCase()} `, "admin")).toEqual({ deviceName: "Display 1" });
  expect(await desk.poll(deviceSecret, userPool)).toEqual(tokens);
  expect(signedIn).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{32}$/), kind: "device", name: "Display 1", groups: ["admin"] }]);
});

test("P1: the code without its secret gives nothing", async () => {
  const { code, deviceSecret } = await desk.start("");
  await desk.confirm(code, "admin");
  for (const wrong of [code, `${code}-x`, `${deviceSecret}x`, deviceSecret.slice(0, -1), ""]) {
    await expect(desk.poll(wrong, userPool)).rejects.toMatchObject(problem("code-expired"));
  }
});

test("P2: a code is confirmed once, and lives ten minutes", async () => {
  const [used, old] = [await desk.start("a"), await desk.start("b")];
  await desk.confirm(used.code, "admin");
  await expect(desk.confirm(used.code, "admin")).rejects.toMatchObject(problem("unknown-code"));
  await bar.clock.advance(600_000);
  await expect(desk.confirm(old.code, "admin")).rejects.toMatchObject(problem("unknown-code"));
  await expect(desk.poll(old.deviceSecret, userPool)).rejects.toMatchObject(problem("code-expired"));
});

test("P2: twenty wrong codes of one admin end the guessing for a while, for that admin", async () => {
  for (let n = 0; n < 20; n++) await expect(desk.confirm("ZZZZZZ", "guesser")).rejects.toMatchObject(problem("unknown-code"));
  const { code } = await desk.start("c");
  await expect(desk.confirm(code, "guesser")).rejects.toMatchObject(problem("too-many-requests"));
  expect(await desk.confirm(code, "another")).toEqual({ deviceName: "c" });
  await bar.clock.advance(900_000);
  expect(await desk.confirm((await desk.start("d")).code, "guesser")).toEqual({ deviceName: "d" });
});

test("P3: the secret is good for one minute more after the first delivery, for the same user", async () => {
  const { code, deviceSecret } = await desk.start("e");
  await desk.confirm(code, "admin");
  await desk.poll(deviceSecret, userPool);
  await bar.clock.advance(59_000);
  await desk.poll(deviceSecret, userPool);
  const [first, again] = signedIn.slice(-2);
  expect(again).toEqual(first);
  await bar.clock.advance(1_000);
  await expect(desk.poll(deviceSecret, userPool)).rejects.toMatchObject(problem("code-expired"));
});
