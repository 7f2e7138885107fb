/** A pause ends as a fact: written when it comes and published like any other change, whatever began it and whatever happened meanwhile. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { callAws } from "./steps.ts";

const minute = 60_000;
let bar: Bar;
let admin: Person;
let seen = 0;

beforeAll(async () => {
  bar = await openBar();
});
beforeEach(async () => {
  admin = await bar.admin();
  await admin.call("PUT", "/store?state=open");
  await bar.quiet();
  seen = changes().length;
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

const pause = async (minutes: number): Promise<number> =>
  (await (await bar.admin()).call("PUT", `/store?state=closed&minutes=${minutes}`)).status;
/** The item itself, which is what a reader of the table, a workflow or another service sees. */
function item(): Record<string, unknown> {
  const items = bar.tables().config as readonly { readonly PK: { readonly S: string } }[];
  return { ...items.find(({ PK }) => PK.S === "config") };
}
const open = { storeOpen: { BOOL: true } };
const changes = () => bar.events().filter(({ type }) => type === "ConfigService.ConfigChanged");
/** What was published since the test began: whether the shop is open, and until when it pauses. */
const told = (): unknown[] =>
  changes()
    .slice(seen)
    .map(({ detail }) => detail.NewImage as Record<string, unknown>)
    .map(({ storeOpen, reopensAt }) => [storeOpen, reopensAt !== undefined]);

test("it is written and told at its end, not before", async () => {
  await pause(1);
  await bar.clock.advance(minute - 1);
  expect(item()).toMatchObject({ storeOpen: { BOOL: false }, reopensAt: { S: expect.any(String) } });
  await bar.clock.advance(1);
  expect(item()).toMatchObject(open);
  expect(item()).not.toHaveProperty("reopensAt");
  expect(told()).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(changes().at(-1)?.detail.Message).toBe("The shop is open.");
  await bar.clock.advance(10 * minute);
  expect(told()).toHaveLength(2);
});

test("a second pause replaces the first, and one that was ended by hand ends once", async () => {
  await pause(1);
  await pause(3);
  await bar.clock.advance(2 * minute);
  expect(item()).toMatchObject({ storeOpen: { BOOL: false } });
  await bar.clock.advance(minute);
  expect(item()).toMatchObject(open);
  await pause(5);
  await (await bar.admin()).call("PUT", "/store?state=open");
  await bar.quiet();
  const before = told().length;
  await bar.clock.advance(5 * minute);
  expect(told()).toHaveLength(before);
});

test("a shop that was closed for good during a pause stays closed", async () => {
  await pause(1);
  await (await bar.admin()).call("PUT", "/store?state=closed");
  await bar.clock.advance(2 * minute);
  expect(item()).toMatchObject({ storeOpen: { BOOL: false } });
  expect(item()).not.toHaveProperty("reopensAt");
});

test("an end that came while the bar's computer was off is met on start", async () => {
  await pause(1);
  await bar.quiet();
  await bar.restart(2 * minute);
  await bar.clock.advance(0);
  expect(item()).toMatchObject(open);
  expect(told()).toEqual([
    [false, true],
    [true, false],
  ]);
  await pause(1);
  await bar.restart();
  await bar.clock.advance(minute);
  expect(item()).toMatchObject(open);
});

test("an item edited by hand counts: an end put off, brought forward, or past already", async () => {
  const edit = async (reopensAtMs: number) =>
    callAws(
      bar.url,
      "DynamoDB_20120810.UpdateItem",
      {
        TableName: "serverlesspresso-config-table",
        Key: { PK: { S: "config" } },
        UpdateExpression: "SET storeOpen = :closed, reopensAt = :at",
        ExpressionAttributeValues: { ":closed": { BOOL: false }, ":at": { S: new Date(reopensAtMs).toISOString() } },
      },
      (await bar.admin()).token,
    );
  await pause(1);
  expect((await edit(bar.clock.nowMs() + 2 * minute)).status).toBe(200);
  await bar.clock.advance(minute);
  expect(item()).toMatchObject({ storeOpen: { BOOL: false } });
  await bar.clock.advance(minute);
  expect(item()).toMatchObject(open);
  await edit(bar.clock.nowMs() - minute);
  await bar.clock.advance(0);
  expect(item()).toMatchObject(open);
  expect(told().at(-1)).toEqual([true, false]);
});

test("a change in the very instant of the end is not overwritten", async () => {
  await pause(1);
  await bar.clock.advance(minute - 1);
  // Both are under way at once; whichever write comes second finds another pause, or none.
  const again = pause(7);
  await bar.clock.advance(1);
  await again;
  await bar.clock.advance(minute);
  expect(item()).toMatchObject({ storeOpen: { BOOL: false } });
  await bar.clock.advance(7 * minute);
  expect(item()).toMatchObject(open);
});
