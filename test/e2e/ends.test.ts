/** What ends by itself on the screens: a pause, a code whose windows are others now, a limit on tries, a code for pairing, a drink called. At 60 times the pace five minutes pass in five seconds. */
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { act, callApi, signInAdmin } from "../support/api.ts";
import { adminEmail, type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, launchBrowser, openDevice } from "./browser.ts";
import { linkOnDisplay, longWindow, orderByApi, signInAsStaff } from "./steps.ts";

const folder = temporaryFolder();
let browser: Browser;
let server: Server;
let phone: Device;
let tablet: Device;
let display: Device;

const openApp = (app: string): Promise<Device> => openDevice(browser, `${server.url}/${app}/`);
const put = async (path: string, body?: object): Promise<void> => {
  expect((await (await signInAdmin(server.url)).call("PUT", path, body)).status).toBe(200);
};

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path, clockRate: 60 })]);
  await put("/config", { barcodeMinutes: longWindow(Date.now()) });
  [phone, tablet, display] = await Promise.all([openApp("order"), openApp("barista"), openApp("display")]);
  await signInAsStaff(tablet.page);
  await signInAsStaff(display.page);
  await allOpen();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

const all = (...locators: Locator[]): Promise<unknown> => Promise.all(locators.map((one) => one.waitFor()));
const allClosed = (): Promise<unknown> =>
  all(
    phone.page.getByText(/It opens again in \d:\d\d/),
    tablet.page.getByText(/Pause, \d:\d\d left/),
    display.page.getByRole("heading", { name: "Closed" }),
  );
const allOpen = (): Promise<unknown> =>
  all(
    phone.page.getByRole("heading", { name: "Scan the code at the bar" }),
    tablet.page.getByRole("button", { name: "Close", exact: true }),
    display.page.locator("[data-link]"),
  );

test("a pause ends on phone, tablet and display; another one too, though nobody tells of its end", async () => {
  await put("/store?state=closed");
  await all(phone.page.getByText("come back when the display says open"), display.page.getByText("The bar is taking a break."));
  await put("/store?state=closed&minutes=2");
  await allOpen();
  await put("/store?state=closed&minutes=10");
  await allClosed();
  for (const Name of ["PublishConfig", "PublishAdmin"]) await onBus("DisableRule", Name);
  await allOpen();
  for (const Name of ["PublishConfig", "PublishAdmin"]) await onBus("EnableRule", Name);
  expect(await Promise.all([phone, tablet, display].map((device) => device.isSamePage()))).toEqual([true, true, true]);
  expect([phone, tablet, display].flatMap(({ problems }) => problems)).toEqual([]);
});

test("the display shows the code of the new windows at once", async () => {
  const before = await linkOnDisplay(display.page);
  await put("/config", { barcodeMinutes: longWindow(Date.now(), 1), drinksPerBarcode: 40 });
  await display.page.getByText("40 drink(s) remaining.").waitFor();
  expect(await linkOnDisplay(display.page)).not.toBe(before);
});

test("RELIABILITY 26: codes that change follow one another; without the server there soon is none, until it is back", async () => {
  await put("/config", { subCode: true });
  const seen = new Set<string>();
  await expect.poll(async () => seen.add(await linkOnDisplay(display.page)).size).toBeGreaterThan(3);
  await display.page.context().setOffline(true);
  await display.page.getByRole("heading", { name: "A new code is on its way" }).waitFor();
  expect(await display.page.locator("[data-link]").count()).toBe(0);
  await put("/config", { subCode: false });
  await display.page.context().setOffline(false);
  await display.page.locator("[data-link]").waitFor();
  const plain = await linkOnDisplay(display.page);
  expect([...seen].every((link) => link.startsWith(plain) || link === plain)).toBe(true);
  expect([await display.isSamePage(), display.problems]).toEqual([true, []]);
});

test("RELIABILITY 10: a limit on tries says how long it lasts and leaves when it is over; so do a pairing's code and a drink called", {
  timeout: 180_000,
}, async () => {
  const [{ page }, unpaired] = await Promise.all([openApp("console"), openApp("display")]);
  const pairingCode = unpaired.page.locator(".pairing-code span:not(.spinner)");
  const firstCode = await pairingCode.textContent();
  const code = new URL(await linkOnDisplay(display.page)).searchParams.get("token") ?? "";
  const { orderId } = await orderByApi(server.url, code, { name: "Ada", drink: "Espresso", modifiers: [] });
  await act(await signInAdmin(server.url), orderId, "complete");
  const called = display.page.locator(".ready li", { hasText: "Ada" });
  await called.waitFor();
  await page.getByLabel("E-mail").fill(adminEmail);
  await page.getByLabel("Password").fill("not the right one at all");
  const left = page.getByText(/You can try again in \d+:\d\d/);
  // All at once: the limit's quarter of an hour is over in fifteen seconds.
  await Promise.all(Array.from({ length: 30 }, wrongPassword));
  await page.getByRole("button", { name: "Sign in" }).click();
  await all(left, page.getByText(/^Too many tries/));
  await left.waitFor({ state: "detached" });
  await page.getByText(/^Too many tries/).waitFor({ state: "detached" });
  await called.waitFor({ state: "detached" });
  await expect.poll(() => pairingCode.textContent()).not.toBe(firstCode);
  expect(await pairingCode.textContent()).toMatch(/^[2-9A-HJ-NP-Z]{6}$/);
});

async function wrongPassword(): Promise<void> {
  const { body } = await callApi<{ userPoolWebClientId: string }>(server.url, undefined, "GET", "/settings.json");
  const request = {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: body.userPoolWebClientId,
    AuthParameters: { USERNAME: adminEmail, PASSWORD: "not the right one at all" },
  };
  const target = { "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" };
  expect(
    (await callApi(server.url, undefined, "POST", "/", request, { ...target, "content-type": "application/x-amz-json-1.1" })).status,
  ).toBe(400);
}

/** Switches a rule of the shop's bus. */
async function onBus(operation: "EnableRule" | "DisableRule", Name: string): Promise<void> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSEvents.${operation}` };
  const admin = await signInAdmin(server.url);
  expect((await admin.call("POST", "/", { EventBusName: "Serverlesspresso", Name }, headers)).status).toBe(200);
}
