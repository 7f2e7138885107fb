/** One guest with two tabs of the order app: what a guest did and put away in one is so in the other. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAdmin } from "../support/api.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";
import { launchBrowser, openDevice } from "./browser.ts";
import { pickOatLatte, sendOrder, startOrder } from "./steps.ts";

const folder = temporaryFolder();
let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path })]);
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

test("an order cancelled in one tab is the guest's own doing in the other too, and put away in one it is put away in both", async () => {
  const { body } = await (await signInAdmin(server.url)).call<{ code: string }>("GET", "/qr-code");
  const device = await openDevice(browser, `${server.url}/order/?token=${encodeURIComponent(body.code)}`);
  const { page } = device;
  await startOrder(page, "Ada");
  await pickOatLatte(page, "");
  await sendOrder(page);
  const other = await page.context().newPage();
  await other.goto(`${server.url}/order/`);
  await other.getByRole("button", { name: "Cancel order" }).waitFor();
  await page.getByRole("button", { name: "Cancel order" }).click();
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  for (const tab of [page, other]) {
    await tab.getByText("You cancelled this order. Nothing was made.").waitFor();
    expect(await tab.getByText("The bar had to cancel").count()).toBe(0);
  }
  await other.getByRole("button", { name: "Back to the menu" }).click();
  for (const tab of [page, other]) await tab.getByRole("heading", { name: "Scan the code at the bar" }).waitFor();
  expect(device.problems).toEqual([]);
  await device.close();
});
