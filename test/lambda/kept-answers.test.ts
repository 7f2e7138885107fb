/** `Idempotency-Key` on AWS (aws.N1 to N4): what is kept in the platform's table, and what is not. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createSystemClock } from "@serverlesspresso/clock";
import type { JsonValue, RouteResponse } from "@serverlesspresso/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIdempotency, type Idempotency } from "../../platforms/aws/src/runtime/api/idempotency.ts";
import { type AwsBar, openAwsBar } from "../aws/support.ts";
import { putPlatformTable } from "./support/attach-functions.ts";

let bar: AwsBar;
let kept: Idempotency;
beforeAll(async () => {
  bar = await openAwsBar();
  await putPlatformTable(bar.platform);
  kept = createIdempotency({ dynamodb: new DynamoDBClient(bar.client), clock: createSystemClock() });
});
afterAll(() => bar.close());

type Context = Parameters<Idempotency["once"]>[1];
const context = (leftMs = 10_000): Context => ({ getRemainingTimeInMillis: () => leftMs }) as Context;
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

test("N1: an answer is given again, to the same user on the same route", async () => {
  const { perform } = counted();
  const ask = (more = {}) => kept.once(call("n1", more), context(), perform);
  expect([await ask(), await ask()]).toEqual([ok(1), ok(1)]);
  expect(await ask({ userId: "eve" })).toEqual(ok(2));
  expect(await ask({ route: "PUT /menu" })).toEqual(ok(3));
  expect(await ask()).toEqual(ok(1));
});

test("N2: a key used for something else is refused, and nothing is done", async () => {
  const { perform, done } = counted();
  await kept.once(call("n2"), context(), perform);
  await expect(kept.once(call("n2", { request: ["/store", "state=closed", {}] }), context(), perform)).rejects.toMatchObject({
    problem: { status: 422, type: "urn:serverlesspresso:problem:idempotency-key-reused" },
  });
  expect(done()).toBe(1);
});

test("N3: who comes while the first is at work waits for its answer", async () => {
  let finish = (): void => {};
  const first = kept.once(call("n3"), context(), () => new Promise((resolve) => void (finish = () => resolve(ok(1)))));
  await expect.poll(async () => (await items()).some(({ status }) => status === "INPROGRESS")).toBe(true);
  const { perform, done } = counted();
  const second = kept.once(call("n3"), context(), perform);
  finish();
  expect([await first, await second, done()]).toEqual([ok(1), ok(1), 0]);
});

test("N3: as long as its own function may take, and no longer", async () => {
  let finish = (): void => {};
  const first = kept.once(call("n3b"), context(), () => new Promise((resolve) => void (finish = () => resolve(ok(1)))));
  await expect.poll(async () => (await items()).some(({ status }) => status === "INPROGRESS")).toBe(true);
  await expect(kept.once(call("n3b"), context(500), counted().perform)).rejects.toMatchObject({ problem: { status: 503 } });
  finish();
  await first;
});

test("N4: a refusal is not kept, nor is a failure", async () => {
  const refusal = { statusCode: 409, body: { detail: "no" } };
  const { perform, done } = counted((n) => (n === 1 ? refusal : ok(n)));
  expect(await kept.once(call("n4"), context(), perform)).toEqual(refusal);
  expect(await kept.once(call("n4"), context(), perform)).toEqual(ok(2));
  expect(done()).toBe(2);
  await expect(kept.once(call("n4b"), context(), () => Promise.reject(new TypeError("broken")))).rejects.toThrow("broken");
  expect(await kept.once(call("n4b"), context(), counted().perform)).toEqual(ok(1));
});

test.each(["k".repeat(129), "a b", "é", ""])("a key that is none: %s", async (key) => {
  await expect(kept.once(call(key), context(), counted().perform)).rejects.toMatchObject({ problem: { status: 400 } });
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
