/** R1 to R3 of `http/rate-limits.ts`: a shop at sixty times the pace, on a machine whose time a test moves. */
import { createManualMachine } from "@serverlesspresso/clock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, callAws, openTestShop, type Person, type TestShop } from "./test-support.ts";

const machine = createManualMachine();
let shop: TestShop;
let guest: Person;
let admin: Person;

beforeAll(async () => {
  shop = await openTestShop({ clockRate: 60, machine });
  [guest, admin] = [await shop.guest(), await shop.admin()];
});
afterAll(() => shop.close());

const told = ({ status, headers }: Answer): unknown[] => [status, headers.get("retry-after")];

test("R1. a second of real time gives a second's requests, not a minute's", async () => {
  const scan = async (): Promise<boolean> => {
    const answer = await guest.call<{ type: string }>("POST", "/qr-code?token=no-code");
    const isHeld = answer.body.type.endsWith(":too-many-requests");
    if (isHeld) expect(told(answer)).toEqual([429, "1"]);
    return isHeld;
  };
  let asked = 1;
  while (!(await scan())) asked += 1;
  expect(asked).toBe(31);
  for (let second = 0; second < 3; second++) {
    machine.advance(1_000);
    expect([await scan(), await scan()]).toEqual([false, true]);
  }
});

test("R3. a pause of five minutes of the shop is told as the five seconds that it lasts", async () => {
  expect((await admin.call("PUT", "/config", { barcodeMinutes: 1440 })).status).toBe(200);
  const other = await shop.guest("Other");
  const { code } = (await admin.call<{ code: string }>("GET", "/qr-code")).body;
  const scan = async (): Promise<unknown[]> => told(await other.call("POST", `/qr-code?token=${code}`));
  expect((await admin.call("PUT", "/store?state=closed&minutes=5")).status).toBe(200);
  expect(await scan()).toEqual([503, "5"]);
  machine.advance(3_500);
  expect(await scan()).toEqual([503, "2"]);
  machine.advance(2_000);
  expect((await admin.call<{ storeOpen: boolean }>("GET", "/config")).body.storeOpen).toBe(true);
});

test("R2, R3. a lock-out of a quarter of an hour is told as the fifteen seconds that it lasts", async () => {
  const { url, identities } = shop.platform;
  const signIn = async (PASSWORD: string): Promise<unknown[]> =>
    told(
      await callAws(url, "AWSCognitoIdentityProviderService.InitiateAuth", {
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: identities.pool.clientId,
        AuthParameters: { USERNAME: "nobody@example.com", PASSWORD },
      }),
    );
  for (let tries = 0; tries < 10; tries++) expect(await signIn("wrong all along")).toEqual([400, null]);
  expect(await signIn("wrong all along")).toEqual([400, "15"]);
  machine.advance(15_000);
  expect(await signIn("wrong all along")).toEqual([400, null]);
});
