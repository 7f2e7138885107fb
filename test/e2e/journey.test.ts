/** The whole journey of an order in a real browser, over a server that is killed on the way. */
import type { Browser } from "playwright-core";
import { encode } from "uqr";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { act, signInAdmin } from "../support/api.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, findings, launchBrowser, openDevice } from "./browser.ts";
import { picture } from "./picture.ts";
import { linkOnDisplay, longWindow, orderByApi, pickOatLatte, sendOrder, signInAsStaff, startOrder } from "./steps.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const tablet = { viewport: { width: 1180, height: 820 } };
const monitor = { viewport: { width: 1920, height: 1080 } };

const rush = [
  { name: "Dmitri", drink: "Cappuccino", modifiers: ["Regular"] },
  { name: "Eve", drink: "Latte", modifiers: ["Oat"], note: "two sugars" },
  { name: "Farah", drink: "Espresso", modifiers: [] },
  { name: "Hiroshi", drink: "Flat White", modifiers: ["Oat"] },
  { name: "Inês", drink: "Cappuccino", modifiers: ["Oat"], note: "no chocolate" },
];

/** After a server's death phones and tablets come back within their jitter: 0 to 8 s at first, to 60 s after three more failures. */
const RECONNECT_MS = 90_000;

const folder = temporaryFolder();
let browser: Browser;
let server: Server;
let display: Device;
let barista: Device;
let desk: Device;
const guests: Device[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path })]);
  // A window of the usual five minutes might end in the midst of a count.
  if (!process.env.UPDATE_IMAGES) await (await signInAdmin(server.url)).call("PUT", "/config", { barcodeMinutes: longWindow(Date.now()) });
  [display, barista, desk] = await Promise.all([
    openDevice(browser, `${server.url}/display/`, monitor),
    openDevice(browser, `${server.url}/barista/`, tablet),
    openDevice(browser, `${server.url}/console/`, tablet),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

async function scan(): Promise<Device> {
  const guest = await openDevice(browser, await linkOnDisplay(display.page), phone);
  guests.push(guest);
  return guest;
}

describe.sequential("a day at the bar", () => {
  test("staff sign in; the display is paired by the code it shows", async () => {
    await display.page.locator(".pairing-code span").waitFor();
    expect(await findings(display.page)).toEqual([]);
    expect(await findings(barista.page)).toEqual([]);
    const code = (await display.page.locator(".pairing-code").textContent()) ?? "";
    await signInAsStaff(barista.page);
    await barista.page.getByRole("heading", { name: "Preview" }).waitFor();
    await signInAsStaff(desk.page);
    await desk.page.getByRole("link", { name: "Devices" }).click();
    await desk.page.getByLabel("Code on the device").fill(code);
    await desk.page.getByRole("button", { name: "Pair device" }).click();
    await desk.page.getByText("Display is paired").waitFor();
    await display.page.getByRole("heading", { name: "Scan to order" }).waitFor();
    await display.page.getByText("10 drink(s) remaining.").waitFor();
    for (const section of ["Shop", "Menu", "Mail", "Devices"]) {
      await desk.page.getByRole("link", { name: section }).click();
      await desk.page.getByRole("heading", { name: section, level: 1 }).waitFor();
      expect([section, await findings(desk.page)]).toEqual([section, []]);
    }
    // From here on guests scan codes that change.
    if (!process.env.UPDATE_IMAGES) {
      await desk.page.getByRole("link", { name: "Shop" }).click();
      await desk.page.getByLabel("The code changes every 30 seconds").check();
      await desk.page.getByRole("button", { name: "Save" }).click();
      await desk.page.getByText("Saved.").waitFor();
      await display.page.getByText("This code changes every 30 seconds: scan it here.").waitFor();
      await desk.page.reload();
      await expect.poll(() => desk.page.getByLabel("The code changes every 30 seconds").isChecked()).toBe(true);
    }
    expect(await findings(display.page)).toEqual([]);
  });

  test("the QR code says the order app's link", async () => {
    const code = display.page.locator("[data-link]");
    const [link, shown] = await code.evaluate((svg) => [svg.getAttribute("data-link") ?? "", svg.querySelector("path")?.getAttribute("d")]);
    expect(link).toMatch(new RegExp(`^${server.url}/order/\\?token=[\\w.%-]{22,}$`));
    const { data } = encode(link, { ecc: "M", border: 4 });
    const modules = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
    expect(shown).toBe(modules);
  });

  test("an oat latte from the scan to the cup, across a killed server, with no page loaded anew", { timeout: 300_000 }, async () => {
    const stranger = await openDevice(browser, `${server.url}/order/`, phone);
    await stranger.page.getByText("Cappuccino").waitFor(); // the menu before any sign-in
    await stranger.page.getByRole("heading", { name: "Scan the code at the bar" }).waitFor();
    expect(await findings(stranger.page)).toEqual([]);
    await picture(stranger.page, "order-menu");
    await stranger.close();

    const guest = await scan();
    expect(guest.page.url()).toBe(`${server.url}/order/`); // the code has left the address bar
    await guest.page.getByLabel("Name for the cup").waitFor();
    expect(await findings(guest.page)).toEqual([]);
    await startOrder(guest.page, "Ana Souza");
    await display.page.getByText("9 drink(s) remaining.").waitFor();
    expect(await findings(guest.page)).toEqual([]);
    await pickOatLatte(guest.page, "extra hot, please");
    expect(await findings(guest.page)).toEqual([]);
    await picture(guest.page, "order-drink");
    await sendOrder(guest.page);
    const card = barista.page.getByRole("listitem", { name: "Order 1", exact: true });
    await card.waitFor();
    await card.getByText("Ana Souza").waitFor();
    expect(await card.textContent()).toMatch(/Latte[\s\S]*Oat[\s\S]*extra hot, please/);
    await guest.page.getByRole("heading", { name: "The bar has your order" }).waitFor();
    expect(await findings(guest.page)).toEqual([]);
    expect(await findings(barista.page)).toEqual([]);

    const inTheMaking = guest.page.getByRole("heading", { name: "Being made right now" });
    const onDisplay = display.page.locator(".preparing li", { hasText: "Ana" });
    await onDisplay.getByText("in the queue").waitFor({ state: "attached" });
    await card.getByRole("button", { name: "Make", exact: true }).click();
    await inTheMaking.waitFor();
    await onDisplay.getByText("being made").waitFor({ state: "attached" });
    await card.getByRole("button", { name: "Unmake" }).click();
    await guest.page.getByRole("heading", { name: "The bar has your order" }).waitFor();
    await card.getByRole("button", { name: "Make", exact: true }).click();
    await inTheMaking.waitFor();
    await guest.page.getByText("Behind the counter").click();
    await guest.page.getByText("Emit - Awaiting Completion TT").waitFor();
    expect(await findings(guest.page)).toEqual([]);
    await guest.page.getByText("Behind the counter").scrollIntoViewIfNeeded();
    await picture(guest.page, "order-journey");

    const { port } = new URL(server.url);
    await server.kill();
    await guest.page.getByText(/No connection/).waitFor();
    await barista.page.getByText(/No connection/).waitFor();
    // A tap while the bar is away waits on the tablet.
    await card.getByRole("button", { name: "Complete" }).click();
    server = await startServer({ dataFolder: folder.path, port: Number(port) });
    for (const { page } of [guest, barista, display])
      await page.getByText(/No connection/).waitFor({ state: "detached", timeout: RECONNECT_MS });

    await guest.page.getByRole("heading", { name: "Ready!" }).waitFor({ timeout: RECONNECT_MS });
    await expect.poll(() => guest.page.title()).toContain("1 ready");
    await display.page.locator(".ready li", { hasText: "Ana" }).waitFor();
    expect(await findings(guest.page)).toEqual([]);
    await guest.page.evaluate("scrollTo(0, 0)");
    await picture(guest.page, "order-ready");
    const pages = [guest, barista, display];
    expect(await Promise.all(pages.map((device) => device.isSamePage()))).toEqual([true, true, true]);

    await guest.page.reload();
    await guest.page.getByRole("heading", { name: "Ready!" }).waitFor();
    await guest.page.getByRole("button", { name: "My orders" }).click();
    await guest.page.getByRole("dialog").getByText("#1").waitFor();
    expect(await findings(guest.page)).toEqual([]);
  });

  test("called again, the phone and the display call again", async () => {
    const guest = guests[0] as Device;
    await guest.page.keyboard.press("Escape");
    await guest.page.getByRole("button", { name: "Got it, thanks" }).click();
    await guest.page.getByRole("heading", { name: "Menu" }).waitFor();
    const card = barista.page.locator(".pickup li").first();
    await card.getByRole("button", { name: "Call again" }).click();
    await display.page.getByText("Ready for pickup").waitFor();
    await guest.page.getByRole("heading", { name: "Ready!" }).waitFor();
  });

  test("an answer lost on the way is asked for again, and makes no second order", async () => {
    const guest = await scan();
    const attempts = { "qr-code": 0, orders: 0 };
    await guest.page.route(/\/(qr-code|orders\/[^/]+)\?/, async (route) => {
      const kind = route.request().url().includes("/qr-code") ? "qr-code" : "orders";
      if (++attempts[kind] > 1) return route.continue();
      await route.fetch(); // it arrives, its answer does not
      return route.abort();
    });
    await startOrder(guest.page, "Bob");
    await pickOatLatte(guest.page, "");
    await sendOrder(guest.page);
    await guest.page.getByRole("heading", { name: "The bar has your order" }).waitFor();
    await expect.poll(() => attempts).toEqual({ "qr-code": 2, orders: 2 });
    await display.page.getByText("8 drink(s) remaining.").waitFor();
    await barista.page.getByRole("listitem", { name: "Order 2", exact: true }).waitFor();
    expect(await barista.page.getByRole("listitem").getByText("Bob").count()).toBe(1);
  });

  test("an order sent without a network waits on the phone, also through a reload", async () => {
    const guest = await scan();
    await startOrder(guest.page, "Chloé");
    await pickOatLatte(guest.page, "");
    await guest.page.route(/\/orders\/[^/]+\?/, (route) => route.abort());
    await sendOrder(guest.page);
    await guest.page.getByText("kept on this phone").waitFor();
    await guest.page.reload();
    await guest.page.getByText("Sending your order: Latte").waitFor();
    await guest.page.unroute(/\/orders\/[^/]+\?/);
    await guest.page.getByRole("heading", { name: "The bar has your order" }).waitFor();
    await barista.page.getByRole("listitem", { name: "Order 3", exact: true }).getByText("Chloé").waitFor();
  });

  test("undo within five seconds, cancel with a reason, and the guest reads it", async () => {
    const card = barista.page.getByRole("listitem", { name: "Order 2", exact: true });
    await card.getByRole("button", { name: "Make", exact: true }).click();
    await card.getByRole("button", { name: "Complete" }).click();
    await barista.page.getByText("Order 2 completed").waitFor();
    await barista.page.keyboard.press("u");
    await barista.page.locator(".production").getByRole("listitem", { name: "Order 2", exact: true }).waitFor();
    await card.getByRole("button", { name: "Cancel order 2?" }).click();
    expect(await findings(barista.page)).toEqual([]);
    await barista.page.getByRole("button", { name: "Machine is down" }).click();
    await (guests[1] as Device).page.getByText("The reason given: Machine is down").waitFor();
    expect(await findings((guests[1] as Device).page)).toEqual([]);
  });

  test("sold out and closed are on every phone at once", async () => {
    const guest = await openDevice(browser, `${server.url}/order/`, phone);
    await guest.page.getByText("Americano").waitFor();
    await barista.page.getByRole("button", { name: "Menu" }).click();
    await barista.page.getByRole("switch", { name: /Americano/ }).click();
    await guest.page.getByText("Sold out").waitFor();
    await barista.page.keyboard.press("Escape");
    await barista.page.getByRole("button", { name: "Pause 5 min" }).click();
    await guest.page.getByRole("heading", { name: "The bar is closed" }).waitFor();
    await display.page.getByRole("heading", { name: "Closed" }).waitFor();
    expect(await findings(guest.page)).toEqual([]);
    expect(await findings(display.page)).toEqual([]);
    await barista.page.getByRole("button", { name: "Open the bar" }).click();
    await display.page.getByRole("heading", { name: "Scan to order" }).waitFor();
    await guest.close();
  });

  test("an account by e-mail: sign up, confirm, forget the password, find the order again", async () => {
    const guest = await scan();
    const { page } = guest;
    const admin = await signInAdmin(server.url);
    const codeFromMail = async (): Promise<string> => {
      const { body } = await admin.call<{ mails: { to: string; text: string }[] }>("GET", "/outbox");
      return body.mails.find(({ to }) => to === "grace@example.com")?.text.match(/\b\d{6}\b/)?.[0] ?? "";
    };
    await page.getByRole("button", { name: "Sign in with e-mail instead" }).click();
    await page.getByRole("button", { name: /Create account/ }).click();
    expect(await findings(page)).toEqual([]);
    await page.getByLabel("E-mail").fill("grace@example.com");
    await page.getByLabel("Name").fill("Grace");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Create account", exact: true }).click();
    await page.getByText("Please choose a longer or less common password.").waitFor();
    await page.getByLabel("Password").fill("a nanosecond of wire");
    await page.getByRole("button", { name: "Create account", exact: true }).click();
    await page.getByLabel("Code from the e-mail").waitFor(); // the mail lies there by then
    await page.getByLabel("Code from the e-mail").fill(await codeFromMail());
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("heading", { name: "What will it be?" }).waitFor();
    await page.getByRole("button", { name: "Cancel order" }).click();
    await page.getByRole("button", { name: "Yes, cancel it" }).click();
    await page.getByText("You cancelled this order. Nothing was made.").waitFor();

    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("button", { name: "Sign in with e-mail" }).click();
    await page.getByRole("button", { name: "Forgot password?" }).click();
    await page.getByLabel("E-mail").fill("grace@example.com");
    await page.getByRole("button", { name: "Send code" }).click();
    await page.getByLabel("New password").fill("the first actual bug");
    await page.getByLabel("Code from the e-mail").waitFor(); // the mail lies there by then
    await page.getByLabel("Code from the e-mail").fill(await codeFromMail());
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByRole("button", { name: "My orders" }).click();
    await page.getByRole("dialog").getByText("Cancelled").waitFor();
  });

  test("a rush: every order on the tablet and on the display, counted by drink", async () => {
    const admin = await signInAdmin(server.url);
    const { body } = await admin.call<{ code: string }>("GET", "/qr-code");
    const orders = await Promise.all(rush.map((wish) => orderByApi(server.url, body.code, wish)));
    await Promise.all(orders.slice(0, 3).map(({ orderId }) => act(admin, orderId, "make")));
    await act(admin, orders[0]?.orderId ?? "", "complete");
    for (const { name } of rush) await barista.page.getByText(name, { exact: true }).waitFor();
    await barista.page.getByText("2 × Latte · Oat").waitFor();
    for (const { name } of rush.slice(1)) await display.page.locator(".preparing").getByText(name, { exact: true }).waitFor();
    await display.page.locator(".ready").getByText("Dmitri").waitFor();
    await display.page.locator(".call").waitFor({ state: "detached" });
    expect(await findings(display.page)).toEqual([]);
    await picture(display.page, "display");
    await barista.page.locator(".production .order").first().getByRole("button", { name: "Complete" }).click();
    await barista.page.locator(".undo").waitFor();
    await barista.page.mouse.move(0, 0);
    await picture(barista.page, "barista");
    expect(await findings(barista.page)).toEqual([]);
  });

  test("RELIABILITY 22: a name made of markup is shown as it is", async () => {
    const guest = await scan();
    const name = "<img src=x onerror=alert(1)>";
    await startOrder(guest.page, name);
    await pickOatLatte(guest.page, "<script>alert(2)</script>");
    await sendOrder(guest.page);
    await barista.page.getByText(name).waitFor();
    await barista.page.getByText("<script>alert(2)</script>").waitFor();
    await guest.page.getByText(name).waitFor();
  });

  test("when the ten are gone the code hides, and a phone that is late reads why", async () => {
    const { body } = await (await signInAdmin(server.url)).call<{ code: string; remaining: number }>("GET", "/qr-code");
    for (let left = body.remaining; left > 0; left--) {
      await orderByApi(server.url, body.code, { name: "Last", drink: "Espresso", modifiers: [] });
    }
    await display.page.getByRole("heading", { name: "We are making drinks" }).waitFor();
    expect(await display.page.locator("[data-link]").count()).toBe(0);
    const late = await openDevice(browser, `${server.url}/order/?token=${encodeURIComponent(body.code)}`, phone);
    guests.push(late);
    await late.page.getByLabel("Name for the cup").fill("Late");
    await late.page.getByRole("button", { name: "Start my order" }).click();
    await late.page.getByRole("heading", { name: "Just missed it" }).waitFor();
    expect([await findings(late.page), await findings(display.page)]).toEqual([[], []]);
    await picture(display.page, "display-used-up");
  });

  test("RELIABILITY 23: a link to foreign servers is asked about by name, and nothing goes there unasked", async () => {
    const guest = await openDevice(browser, `${server.url}/order/?backend=https://evil.example&token=abc`, phone);
    await guest.page.getByRole("dialog").getByText("evil.example").waitFor();
    expect(guest.page.url()).toBe(`${server.url}/order/`);
    expect(await findings(guest.page)).toEqual([]);
    await guest.page.getByRole("button", { name: "No, ignore the link" }).click();
    await guest.page.getByRole("dialog").waitFor({ state: "detached" });
    await guest.close();
  });

  test("RELIABILITY 20: no page threw, and no security policy had anything to stop", () => {
    expect([display, barista, desk, ...guests].flatMap(({ problems }) => problems)).toEqual([]);
  });
});
