/** How much each may ask for: by user, by address, by what is asked for, and all together. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, callApi, type Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { latte, problemNamed, scanned } from "./steps.ts";

let bar: Bar;
beforeAll(async () => {
  bar = await openBar({ rateLimitFactor: 1 });
});
afterAll(() => bar.close());

/** What so many calls, one after the other, are answered: how many were let through, and the first that was not. */
async function repeat(times: number, call: () => Promise<Answer>): Promise<{ passed: number; refused: Answer | undefined }> {
  const answers: Answer[] = [];
  for (let at = 0; at < times; at++) answers.push(await call());
  return { passed: answers.filter(({ status }) => status !== 429).length, refused: answers.find(({ status }) => status === 429) };
}

test("RELIABILITY 36: each user has an allowance of each kind of call; one who has used it up waits as long as is said, and nobody else does", async () => {
  const [admin, { guest, orderId }] = [await bar.admin(), await scanned(bar)];
  const [other] = (await bar.guests(1)) as [Person];
  const cancel = (person: Person) => person.act("01J00000000000000000000000", "cancel");
  const { passed, refused } = await repeat(63, () => cancel(guest));
  expect([passed, refused]).toMatchObject([60, { status: 429, body: { type: problemNamed("too-many-requests") } }]);
  // Reading and scanning are counted by themselves, and so is everybody else at the same address.
  expect((await guest.call("GET", `/orders/${orderId}`)).status).toBe(200);
  expect((await guest.scan("wrong")).status).not.toBe(429);
  expect((await cancel(other)).status).toBe(404);
  await bar.clock.advance(Number(refused?.headers.get("retry-after")) * 1000);
  expect((await guest.act(orderId, "placeOrder", latte)).status).toBe(200);
  expect((await repeat(100, () => cancel(admin))).passed).toBe(100);
});

test("RELIABILITY 36: all guests together have one too, which no address alone uses up; the counter works on in their flood", async () => {
  const few = await openBar({ rateLimitFactor: 0.002, trustedProxies: ["loopback"] });
  const admin = await few.admin();
  const from = (address: string) => () => callApi(few.url, undefined, "GET", "/config", undefined, { "x-forwarded-for": address });
  const flood = [];
  for (const at of [1, 2, 3]) flood.push(await repeat(130, from(`203.0.113.${at}`)));
  // 60,000 for what an address reads, 120,000 for all, by 0.002; one went to the sign-in.
  expect(flood.map(({ passed }) => passed)).toEqual([120, 119, 0]);
  const { refused } = await repeat(1, from("203.0.113.9"));
  expect([refused?.status, Number(refused?.headers.get("retry-after")) > 0]).toEqual([429, true]);
  expect((await admin.call("GET", "/orders")).status).toBe(200);
  expect((await admin.call("PUT", "/store?state=open")).status).toBe(200);
  await few.clock.advance(Number(refused?.headers.get("retry-after")) * 1000);
  expect((await repeat(1, from("203.0.113.9"))).passed).toBe(1);
  await few.close();
});

test("RELIABILITY 29: of a thousand names at once from one address, each as a phone of its own, most wait; and a code gives its ten drinks, whoever they are", async () => {
  const { code } = await bar.nextWindow();
  await bar.clock.advance(61_000);
  const made = await Promise.all(
    Array.from({ length: 1000 }, (_, at) => {
      const phone = { "x-device-id": `a-phone-of-its-own-${at}` };
      return callApi<{ AccessToken: string }>(bar.url, undefined, "POST", "/guests", { name: `Guest ${at}` }, phone);
    }),
  );
  const guests = made.filter(({ status }) => status === 201);
  const refused = made.filter(({ status }) => status === 429);
  expect([guests.length, refused.length]).toEqual([200, 800]);
  expect(refused.every(({ headers }) => Number(headers.get("retry-after")) > 0)).toBe(true);
  const scans = await Promise.all(guests.map(({ body }) => callApi(bar.url, body.AccessToken, "POST", `/qr-code?token=${code}`)));
  expect([201, 429].map((wanted) => scans.filter(({ status }) => status === wanted).length)).toEqual([10, 190]);
});
