/** What time does to the apps, at 120 times its pace: windows, both timeouts, tokens that end. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAdmin } from "../support/api.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, findings, launchBrowser, openDevice } from "./browser.ts";
import { linkOnDisplay, longWindow, pickOatLatte, sendOrder, signInAsStaff, startOrder } from "./steps.ts";

const CLOCK_RATE = 120;
/** An access token lives an hour of the server's time. */
const TOKEN_LIFE_MS = 3_600_000 / CLOCK_RATE;

const folder = temporaryFolder();
let browser: Browser;
let server: Server;
let display: Device;
let barista: Device;
let signedInAt: number;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path, clockRate: CLOCK_RATE })]);
  [display, barista] = await Promise.all([
    openDevice(browser, `${server.url}/display/`, { viewport: { width: 1920, height: 1080 } }),
    openDevice(browser, `${server.url}/barista/`, { viewport: { width: 1180, height: 820 } }),
  ]);
  signedInAt = performance.now();
  for (const { page } of [display, barista]) await signInAsStaff(page);
  await display.page.locator("[data-link]").waitFor();
  await barista.page.getByText("No drinks waiting.").waitFor();
  // Counts while the other tests run.
  await barista.page.evaluate(`window.stale = 0; new MutationObserver(() => {
    if (document.body.textContent.includes("No connection")) window.stale++;
  }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

test("the display shows a new code when a window ends, window after window", async () => {
  const seen = new Set<string>();
  await expect.poll(async () => seen.add(await linkOnDisplay(display.page)).size).toBeGreaterThan(3);
});

test("a guest who does not choose, and a bar that does not get to it, are told apart", async () => {
  const configure = async (changes: object): Promise<void> => {
    expect((await (await signInAdmin(server.url)).call("PUT", "/config", changes)).status).toBe(200);
  };
  await configure({
    barcodeMinutes: longWindow(Date.now()),
    drinksPerBarcode: 100,
    customerTimeoutSeconds: 7200,
    baristaTimeoutSeconds: 900,
  });
  await display.page.getByText("100 drink(s) remaining.").waitFor();

  const forgotten = await openDevice(browser, await linkOnDisplay(display.page));
  await startOrder(forgotten.page, "Forgotten");
  await pickOatLatte(forgotten.page, "");
  await sendOrder(forgotten.page);
  await configure({ customerTimeoutSeconds: 1200 });
  const slow = await openDevice(browser, await linkOnDisplay(display.page));
  await startOrder(slow.page, "Slow");
  await slow.page.getByText("Time left to choose").waitFor();

  const guestIsTold = async (): Promise<void> => {
    await slow.page.getByText("No drink was chosen in time").waitFor();
    expect(await findings(slow.page)).toEqual([]);
  };
  const barIsToBlame = async (): Promise<void> => {
    await forgotten.page.getByText("The bar did not get to your order in time.").waitFor();
    await forgotten.page.getByRole("button", { name: "Same again" }).click();
    await forgotten.page.getByText("your Latte is one tap away").waitFor();
  };
  await Promise.all([guestIsTold(), barIsToBlame()]);
  expect([...slow.problems, ...forgotten.problems]).toEqual([]);
  await Promise.all([slow.close(), forgotten.close()]);
});

test("tokens are renewed before they end: the link never goes stale", async () => {
  await barista.page.waitForTimeout(Math.max(signedInAt + TOKEN_LIFE_MS * 1.5 - performance.now(), 0));
  expect(await barista.page.evaluate("window.stale")).toBe(0);
  await barista.page.getByRole("button", { name: "Close", exact: true }).click();
  await display.page.getByRole("heading", { name: "Closed" }).waitFor();
  expect(await Promise.all([display, barista].map((device) => device.isSamePage()))).toEqual([true, true]);
  expect([...display.problems, ...barista.problems]).toEqual([]);
});
