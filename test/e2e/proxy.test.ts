/** A bar behind a proxy, in a real browser: all four apps, live links and the link in the QR code, under a path and under a host of its own. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { act, type OrderView, signInAdmin } from "../support/api.ts";
import { type Nginx, nginxMissing, startNginx } from "../support/nginx.ts";
import { notRun } from "../support/not-run.ts";
import { openReverseProxy, type ReverseProxy } from "../support/reverse-proxy.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, launchBrowser, openDevice } from "./browser.ts";
import { linkOnDisplay, pickOatLatte, sendOrder, signInAsStaff, startOrder } from "./steps.ts";

const host = "bar.example";
const folder = temporaryFolder();
let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([
    launchBrowser(`--host-resolver-rules=MAP ${host} 127.0.0.1`),
    startServer({ dataFolder: folder.path, args: ["--trust-proxy", "loopback"], environment: { HOST_NAMES: host } }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

/** From the code on the display to the cup; every device receives each step over its own link. */
async function playOrder(root: string, name: string): Promise<void> {
  const open = (app: string): Promise<Device> => openDevice(browser, `${root}/${app}/`, { ignoreHTTPSErrors: true });
  const staff = await Promise.all(["display", "barista", "console"].map(open));
  const [display, barista, desk] = staff as [Device, Device, Device];
  for (const { page } of staff) await signInAsStaff(page);
  await desk.page.getByRole("link", { name: "Devices" }).waitFor();
  const link = await linkOnDisplay(display.page);
  expect(link).toMatch(new RegExp(`^${root}/order/\\?token=[\\w.%-]{22,}$`));

  const guest = await openDevice(browser, link, { ignoreHTTPSErrors: true });
  expect(guest.page.url()).toBe(`${root}/order/`);
  await startOrder(guest.page, name);
  await pickOatLatte(guest.page, "");
  await sendOrder(guest.page);
  const card = barista.page.getByRole("listitem").filter({ hasText: name });
  await card.getByRole("button", { name: "Make", exact: true }).click();
  await guest.page.getByRole("heading", { name: "Being made right now" }).waitFor();
  const tablet = await signInAdmin(server.url);
  const { body } = await tablet.call<{ orders: OrderView[] }>("GET", "/orders?state=MAKING");
  // By another tablet: this one's own waits for second thoughts.
  await act(tablet, body.orders[0]?.orderId ?? "", "complete");
  await guest.page.getByRole("heading", { name: "Ready!" }).waitFor();
  await display.page.locator(".ready li", { hasText: name }).waitFor();
  const devices = [...staff, guest];
  expect(await Promise.all(devices.map((device) => device.isSamePage()))).toEqual(devices.map(() => true));
  expect(devices.flatMap(({ problems }) => problems)).toEqual([]);
  await Promise.all(devices.map((device) => device.close()));
}

describe("a proxy that serves the bar under a path", () => {
  let proxy: ReverseProxy;
  beforeAll(async () => {
    proxy = await openReverseProxy({ target: server.url, path: "/shop/bar" });
  });
  afterAll(() => proxy.close());

  test("an order from the code to the cup, and nothing is asked outside that path", async () => {
    await playOrder(proxy.url, "Ada");
    expect(proxy.asked.filter((address) => !address.startsWith("/shop/bar/"))).toEqual([]);
    expect(proxy.asked).toContain("/shop/bar/mqtt");
  });

  test("RELIABILITY 21: over a plain link beyond this machine each page says that it is not private, and asks for no TLS later", async () => {
    const plain = proxy.url.replace("127.0.0.1", host);
    for (const app of ["order", "barista", "display", "console"]) {
      const device = await openDevice(browser, `${plain}/${app}/`);
      await device.page.getByText("This link is not private").waitFor();
      await device.close();
      expect((await fetch(`${proxy.url}/${app}/`)).headers.get("strict-transport-security")).toBeNull();
    }
  });
});

describe.skipIf(nginxMissing !== undefined).each(["/", "/bar/"])(`nginx as docs/proxy.md has it, at %s${notRun(nginxMissing)}`, (path) => {
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await startNginx(server.url, path);
  });
  afterAll(() => nginx.stop());

  test("RELIABILITY 27: an order from the code to the cup, and no code in the proxy's log", async () => {
    await playOrder(`https://${host}:${nginx.port}${path.slice(0, -1)}`, path === "/" ? "Bea" : "Cleo");
    const log = nginx.accessLog();
    expect(log).toMatch(/POST \S*\/qr-code" 201/);
    expect(log).not.toMatch(/token|\?/);
  });
});
