/** `Idempotency-Key` on AWS (blueprint.N1 to blueprint.N5 of `blueprint/edge/idempotency.ts`): what is kept in the platform's table, and what is not. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createIdempotency, type Idempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import type { JsonValue, RouteResponse } from "@serverlesspresso/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTables } from "../../platforms/aws/src/runtime/adapters/tables.ts";
import { type AwsBar, openAwsBar } from "../aws/support.ts";

let bar: AwsBar;
let kept: Idempotency;
const clock = createSystemClock();
const ids = createIds(clock);
beforeAll(async () => {
  bar = await openAwsBar();
  const tables = createTables({ dynamodb: new DynamoDBClient(bar.client), clock, ids });
  kept = createIdempotency({ tables, tableName: "serverlesspresso-platform-table", clock, ids });
});
afterAll(() => bar.close());

/** When its function may be ended. */
const end = (leftMs = 10_000): number => clock.nowMs() + leftMs;
const ok = (n: number): RouteResponse => ({ statusCode: 200, body: { n } });
const call = (key: string, more: { userId?: string; route?: string; request?: JsonValue } = {}) => ({
  key,
  userId: "ada",
  route: "PUT /store",
  request: ["/store", "state=open", {}],
  ...more,
});
/** What each call answers that is really done. */
function counted(answer: (n: number) => RouteResponse = ok): { perform: () => Promise<RouteResponse>; done: () => number } {
  let n = 0;
  return { perform: async () => answer(++n), done: () => n };
}

/** A call that ends when the test says so. */
function held() {
  const { promise, resolve } = Promise.withResolvers<RouteResponse>();
  const begun = Promise.withResolvers<void>();
  const perform = (): Promise<RouteResponse> => {
    begun.resolve();
    return promise;
  };
  return { perform, begun: begun.promise, finish: () => resolve(ok(1)) };
}

test("blueprint.N1: an answer is given again, to the same user on the same route", async () => {
  const { perform } = counted();
  const ask = (more = {}) => kept.once(call("n1", more), perform, end());
  expect([await ask(), await ask()]).toEqual([ok(1), ok(1)]);
  expect(await ask({ userId: "eve" })).toEqual(ok(2));
  expect(await ask({ route: "PUT /menu" })).toEqual(ok(3));
  expect(await ask()).toEqual(ok(1));
});

test("blueprint.N2: a key used for something else is refused, and nothing is done", async () => {
  const { perform, done } = counted();
  await kept.once(call("n2"), perform, end());
  await expect(kept.once(call("n2", { request: ["/store", "state=closed", {}] }), perform, end())).rejects.toMatchObject({
    problem: { status: 422, type: "urn:serverlesspresso:problem:idempotency-key-reused" },
  });
  expect(done()).toBe(1);
});

test("blueprint.N3: who comes while the first is at work waits for its answer", async () => {
  const { perform: hold, begun, finish } = held();
  const first = kept.once(call("n3"), hold, end());
  await begun;
  await expect.poll(async () => (await items()).some(({ status }) => status === "INPROGRESS")).toBe(true);
  const { perform, done } = counted();
  const second = kept.once(call("n3"), perform, end());
  finish();
  expect([await first, await second, done()]).toEqual([ok(1), ok(1), 0]);
});

test("blueprint.N3: as long as its own function may take, and no longer", async () => {
  const { perform: hold, begun, finish } = held();
  const first = kept.once(call("n3b"), hold, end());
  await begun;
  await expect.poll(async () => (await items()).some(({ status }) => status === "INPROGRESS")).toBe(true);
  await expect(kept.once(call("n3b"), counted().perform, end(500))).rejects.toMatchObject({ problem: { status: 503 } });
  finish();
  await first;
});

test("blueprint.N4: a refusal is not kept, nor is a failure", async () => {
  const refusal = { statusCode: 409, body: { detail: "no" } };
  const { perform, done } = counted((n) => (n === 1 ? refusal : ok(n)));
  expect(await kept.once(call("n4"), perform, end())).toEqual(refusal);
  expect(await kept.once(call("n4"), perform, end())).toEqual(ok(2));
  expect(done()).toBe(2);
  await expect(kept.once(call("n4b"), () => Promise.reject(new TypeError("broken")), end())).rejects.toThrow("broken");
  expect(await kept.once(call("n4b"), counted().perform, end())).toEqual(ok(1));
});

test.each(["k".repeat(129), "a b", "é", ""])("a key that is none: %s", async (key) => {
  await expect(kept.once(call(key), counted().perform, end())).rejects.toMatchObject({ problem: { status: 400 } });
});

test("what is kept ends by itself after a day, and is named by no one's words", async () => {
  for (const { PK, expiresAt } of await items()) {
    expect(PK).toMatch(/^idempotency#[\w+/=]+$/);
    expect(Math.abs(expiresAt - (performance.timeOrigin + performance.now()) / 1000 - 86_400)).toBeLessThan(120);
  }
});

interface Kept {
  readonly PK: string;
  readonly status: string;
  readonly expiresAt: number;
}
async function items(): Promise<Kept[]> {
  const { Items } = bar.platform.tables.query(bar.platform.store, "Scan", { TableName: "serverlesspresso-platform-table" });
  return (Items as unknown as { PK: { S: string }; status: { S: string }; expiresAt: { N: string } }[]).map(
    ({ PK, status, expiresAt }) => ({
      PK: PK.S,
      status: status.S,
      expiresAt: Number(expiresAt.N),
    }),
  );
}
