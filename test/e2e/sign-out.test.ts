/** Signing out, in real pages: a display and two tablets that are signed in with one account. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAdmin } from "../support/api.ts";
import { adminPassword, type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, findings, launchBrowser, openDevice } from "./browser.ts";
import { orderByApi, signInAsStaff } from "./steps.ts";

const folder = temporaryFolder();
let browser: Browser;
let server: Server;
let display: Device;
let leaving: Device;
let staying: Device;
/** What a tablet's page sent while it signed in. */
const sent: string[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path, clockRate: 10 })]);
  [display, leaving, staying] = await Promise.all([
    openDevice(browser, `${server.url}/display/`, { viewport: { width: 1920, height: 1080 } }),
    openDevice(browser, `${server.url}/barista/`, { viewport: { width: 1180, height: 820 } }),
    openDevice(browser, `${server.url}/barista/`, { viewport: { width: 1180, height: 820 } }),
  ]);
  leaving.page.on("request", (request) => void sent.push(request.postData() ?? ""));
  for (const { page } of [display, leaving, staying]) await signInAsStaff(page);
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

const board = (device: Device) => device.page.getByRole("heading", { name: "Preview" }).waitFor();
const signInForm = (device: Device) => device.page.getByLabel("Password").waitFor();

test("RELIABILITY 6: a tablet signs in without sending the password", async () => {
  await expect.poll(() => sent.join()).toContain("PASSWORD_CLAIM_SIGNATURE");
  expect(sent.join()).not.toContain(adminPassword);
});

test("a completion that can still be taken back is sent before its tablet signs out in another tab; the display and the other tablet stay", async () => {
  const admin = await signInAdmin(server.url);
  const { body } = await admin.call<{ code: string }>("GET", "/qr-code");
  const { orderId } = await orderByApi(server.url, body.code, { name: "Ada", drink: "Espresso", modifiers: [] });
  const otherTab = await leaving.page.context().newPage();
  await otherTab.goto(`${server.url}/barista/`);
  await leaving.page.getByRole("button", { name: "Make", exact: true }).click();
  await leaving.page.getByRole("button", { name: "Complete", exact: true }).click();
  await otherTab.getByRole("button", { name: "Sign out", exact: true }).click();
  await otherTab.getByLabel("Password").waitFor();
  await otherTab.close();
  await signInForm(leaving);
  expect((await admin.order(orderId)).orderState).toBe("COMPLETED");
  // A call of each that the server answers: no other session was ended.
  for (const { page } of [display, staying]) await page.reload();
  await display.page.getByRole("heading", { name: "Scan to order" }).waitFor();
  await board(staying);
});

test("a completion whose tab is closed before it is sent is sent by the tab that stays", async () => {
  const admin = await signInAdmin(server.url);
  const { body } = await admin.call<{ code: string }>("GET", "/qr-code");
  const { orderId } = await orderByApi(server.url, body.code, { name: "Dan", drink: "Espresso", modifiers: [] });
  const closing = await staying.page.context().newPage();
  await closing.goto(`${server.url}/barista/`);
  await closing.getByRole("button", { name: "Make", exact: true }).click();
  await closing.getByRole("button", { name: "Complete", exact: true }).click();
  await closing.close();
  await expect.poll(async () => (await admin.order(orderId)).orderState).toBe("COMPLETED");
});

test("without a server the sign-out says what would be lost, and asks", async () => {
  const admin = await signInAdmin(server.url);
  const { body } = await admin.call<{ code: string }>("GET", "/qr-code");
  const { orderId } = await orderByApi(server.url, body.code, { name: "Bea", drink: "Espresso", modifiers: [] });
  const { page } = staying;
  await page.getByRole("button", { name: "Make", exact: true }).click();
  await expect.poll(async () => (await admin.order(orderId)).orderState).toBe("MAKING");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Complete", exact: true }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("1 of your taps could not be sent.").waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("1 of your taps could not be sent.").waitFor();
  await page.context().setOffline(false);
  await signInForm(staying);
  expect((await admin.order(orderId)).orderState).toBe("COMPLETED");
});

test("RELIABILITY 9: no token stands in the address, in localStorage, in sessionStorage, in a cookie or in the window; the vault has the refresh token alone", async () => {
  const { page } = display;
  const seen = await page.evaluate<{ open: string; vault: string }>(`(async () => {
    const open = [location.href, document.cookie, document.documentElement.outerHTML, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }),
      ...Object.keys(window).filter((name) => typeof window[name] === "string").map((name) => window[name]), history.state && JSON.stringify(history.state)];
    const request = indexedDB.open("serverlesspresso");
    const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const all = database.transaction("vault").objectStore("vault").getAll();
    const vault = await new Promise((resolve) => (all.onsuccess = () => resolve(JSON.stringify(all.result))));
    return { open: open.join(" "), vault };
  })()`);
  const { refreshToken } = (JSON.parse(seen.vault) as { refreshToken: string }[])[0] ?? { refreshToken: "" };
  expect(refreshToken).toMatch(/^[\w-]+(\.[\w-]+){3}$/);
  expect(seen.open).not.toContain(refreshToken);
  for (const where of [seen.open, seen.vault]) expect(where).not.toMatch(/eyJ[\w-]+\.eyJ/);
  // A page of another origin, here another port, has a vault of its own.
  const attack = await page.context().newPage();
  await attack.route("http://127.0.0.1:9/**", (route) => route.fulfill({ contentType: "text/html", body: "<p>attack</p>" }));
  await attack.goto("http://127.0.0.1:9/");
  expect(await attack.evaluate("indexedDB.databases().then((all) => all.length)")).toBe(0);
  // Nor can it read an answer of the bar, or have its page in a frame.
  expect(await attack.evaluate(`fetch("${server.url}/settings.json").then(() => "read", () => "refused")`)).toBe("refused");
  await attack.evaluate(`document.body.append(Object.assign(document.createElement("iframe"), { src: "${server.url}/display/" }))`);
  await expect.poll(() => attack.frames()[1]?.url()).toMatch(/^chrome-error:/);
  await attack.close();
});

test("RELIABILITY 9: no sign-in comes by an address: what a redirect of OAuth would bring is not even looked at", async () => {
  const admin = await signInAdmin(server.url);
  const brought = new URLSearchParams({
    code: "c",
    state: "s",
    access_token: admin.token,
    id_token: admin.token,
    refresh_token: admin.refreshToken,
  });
  for (const address of [`?${brought}`, `#${brought}`]) {
    const device = await openDevice(browser, `${server.url}/console/${address}`);
    await signInForm(device);
    expect(device.problems).toEqual([]);
    await device.close();
  }
});

test("everywhere is a button of its own that says what it does; then every device of the account is out", async () => {
  for (const device of [leaving, staying]) {
    await signInAsStaff(device.page);
    await board(device);
  }
  const admin = await signInAdmin(server.url);
  const { body } = await admin.call<{ code: string }>("GET", "/qr-code");
  const { orderId } = await orderByApi(server.url, body.code, { name: "Cleo", drink: "Espresso", modifiers: [] });
  await staying.page.getByText("Cleo").waitFor();
  // A tap that finds no way to the server, though the live link stands.
  await staying.page.route("**/orders/*", (route) => route.abort());
  await staying.page.getByRole("button", { name: "Make", exact: true }).click();
  for (const { page } of [display, staying]) await page.evaluate("window.marked = true");
  await leaving.page.getByRole("button", { name: "Sign out everywhere" }).click();
  await leaving.page.getByText("is signed out within a minute").waitFor();
  expect(await findings(leaving.page)).toEqual([]);
  await leaving.page.getByRole("button", { name: "Sign out all" }).click();
  await signInForm(leaving);
  // The other screens are left alone: their links end, and they ask their session.
  await display.page.locator(".pairing-code span").waitFor();
  await signInForm(staying);
  for (const device of [display, staying]) {
    await device.page.getByText("Your sign-in has ended").waitFor();
    expect(await device.page.locator("body").textContent()).not.toMatch(/Cleo|No connection/);
    expect(await device.isSamePage()).toBe(true);
  }
  await staying.page.getByText("Not sent yet: 1").waitFor();
  expect(await findings(staying.page)).toEqual([]);
  await staying.page.unroute("**/orders/*");
  await signInAsStaff(staying.page);
  await board(staying);
  const later = await signInAdmin(server.url);
  await expect.poll(async () => (await later.order(orderId)).orderState).toBe("MAKING");
  for (const { problems } of [display, leaving, staying]) expect(problems).toEqual([]);
});
