/** What time does to the apps, at 120 times its pace: windows, both timeouts, tokens that end. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAdmin } from "../support/api.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, findings, launchBrowser, openDevice } from "./browser.ts";
import { linkOnDisplay, pickOatLatte, sendOrder, signInAsStaff, startOrder } from "./steps.ts";

const CLOCK_RATE = 120;
/** An access token lives an hour of the server's time. */
const TOKEN_LIFE_MS = 3_600_000 / CLOCK_RATE;

const folder = temporaryFolder();
let browser: Browser;
let server: Server;
let display: Device;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path, clockRate: CLOCK_RATE })]);
  display = await openDevice(browser, `${server.url}/display/`, { viewport: { width: 1920, height: 1080 } });
  await signInAsStaff(display.page);
  await display.page.locator("[data-link]").waitFor();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

test("the display shows a new code when a window ends, window after window", { timeout: 60_000 }, async () => {
  const seen = new Set<string>();
  await expect
    .poll(async () => seen.add((await display.page.locator("[data-link]").getAttribute("data-link", { timeout: 5_000 })) ?? "").size, {
      timeout: 30_000,
    })
    .toBeGreaterThan(3);
});

test("a guest who does not choose, and a bar that does not get to it, are told apart", { timeout: 90_000 }, async () => {
  const admin = await signInAdmin(server.url);
  await admin.call("PUT", "/config", {
    barcodeMinutes: 1440,
    drinksPerBarcode: 100,
    customerTimeoutSeconds: 600,
    baristaTimeoutSeconds: 900,
  });
  await display.page.getByText("100 drink(s) remaining.").waitFor();

  const slow = await openDevice(browser, await linkOnDisplay(display.page));
  await startOrder(slow.page, "Slow");
  await slow.page.getByText("Time left to choose").waitFor();
  await slow.page.getByText("No drink was chosen in time").waitFor({ timeout: 20_000 });
  expect(await findings(slow.page)).toEqual([]);

  const forgotten = await openDevice(browser, await linkOnDisplay(display.page));
  await startOrder(forgotten.page, "Forgotten");
  await pickOatLatte(forgotten.page, "");
  await sendOrder(forgotten.page);
  await forgotten.page.getByText("The bar did not get to your order in time.").waitFor({ timeout: 30_000 });
  await forgotten.page.getByRole("button", { name: "Same again" }).click();
  await forgotten.page.getByText("your Latte is one tap away").waitFor();
  expect([...slow.problems, ...forgotten.problems]).toEqual([]);
  await Promise.all([slow.close(), forgotten.close()]);
});

test("tokens are renewed before they end: the link never goes stale", { timeout: 120_000 }, async () => {
  const barista = await openDevice(browser, `${server.url}/barista/`, { viewport: { width: 1180, height: 820 } });
  await signInAsStaff(barista.page);
  await barista.page.getByText("No drinks waiting.").waitFor();
  let stale = 0;
  const until = performance.now() + TOKEN_LIFE_MS * 1.5;
  while (performance.now() < until) {
    stale += await barista.page.getByText(/No connection/).count();
    await barista.page.waitForTimeout(250);
  }
  expect(stale).toBe(0);
  await barista.page.getByRole("button", { name: "Close", exact: true }).click();
  await display.page.getByRole("heading", { name: "Closed" }).waitFor();
  expect(await Promise.all([display, barista].map((device) => device.isSamePage()))).toEqual([true, true]);
  expect([...display.problems, ...barista.problems]).toEqual([]);
});
