/** Lines of the security checklist that no other suite looks at. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi, type Person, type Window } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { latte, problemNamed, scanned } from "./steps.ts";

let bar: Bar;
beforeAll(async () => {
  bar = await openBar();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

test("RELIABILITY 2: a thousand ids read, changed and cancelled by another guest are a thousand unknown ones", async () => {
  const { orderId } = await scanned(bar);
  const [other] = (await bar.guests(1)) as [Person];
  // Neighbours of a real id, and the id itself.
  const ids = Array.from({ length: 333 }, (_, n) => orderId.slice(0, -2) + `${n % 100}`.padStart(2, "0"));
  const statuses = new Set<number>();
  for (const id of [...ids, orderId]) {
    const answers = [await other.call("GET", `/orders/${id}`), await other.act(id, "placeOrder", latte), await other.act(id, "cancel")];
    for (const { status } of answers) statuses.add(status);
  }
  expect([...statuses]).toEqual([404]);
  expect((await (await bar.admin()).order(orderId)).orderState).toBe("CREATED");
});

test.each([
  ["GET", "/oauth2/authorize?response_type=code&client_id=x&redirect_uri=https://evil.example"],
  ["GET", "/oauth2/authorize?response_type=token&client_id=x&redirect_uri=https://evil.example"],
  ["POST", "/oauth2/token"],
  ["POST", "/oauth2/device_authorization"],
  ["GET", "/authorize"],
  ["POST", "/token"],
  ["GET", "/login?redirect_uri=https://evil.example"],
  ["GET", "/logout?logout_uri=https://evil.example"],
])("RELIABILITY 6: no redirect flow: %s %s is not there", async (method, path) => {
  const { status, headers } = await callApi(bar.url, undefined, method, path);
  expect([status, headers.get("location")]).toEqual([404, null]);
});

test("RELIABILITY 24: no parameter sends a page anywhere", async () => {
  for (const target of ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://evil.example"]) {
    for (const name of ["next", "url", "redirect", "redirect_uri", "return"]) {
      const response = await fetch(`${bar.url}/order?${name}=${encodeURIComponent(target)}`, { redirect: "manual" });
      expect(new URL(response.headers.get("location") ?? "", bar.url)).toMatchObject({ origin: bar.url, pathname: "/order/" });
    }
  }
});

test("RELIABILITY 25, 28: a code has 128 random bits, guesses find nothing, and a wrong code looks like an unknown one", async () => {
  const admin = await bar.admin();
  const { code, remaining } = (await admin.call<Window>("GET", "/qr-code")).body;
  const [window, secret] = code.split(".") as [string, string];
  expect(Buffer.from(secret, "base64url").length * 8).toBeGreaterThanOrEqual(128);
  const guess = (n: number): string => `${window}.${Buffer.alloc(16, n).toString("base64url")}`;
  const wrong = new Set<string>();
  for (const [at, guest] of (await bar.guests(20)).entries()) {
    for (let n = 0; n < 12; n++) {
      const { status, body } = await guest.scan(n % 2 === 0 ? guess(at * 12 + n) : `zz.${secret}`);
      wrong.add(JSON.stringify([n < 10, status, body]));
    }
  }
  // Ten of each guest are looked at, alike whether the window or the secret was wrong; then none for a minute.
  expect([...wrong].map((text) => JSON.parse(text))).toEqual([
    [true, 400, expect.objectContaining({ type: problemNamed("unknown-code") })],
    [false, 429, expect.objectContaining({ type: problemNamed("too-many-wrong-codes") })],
  ]);
  expect((await admin.call<Window>("GET", "/qr-code")).body.remaining).toBe(remaining);
});
