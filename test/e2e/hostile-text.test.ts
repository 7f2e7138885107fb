/** RELIABILITY 22 to 24 in all four apps: text that would like to be markup or code, and settings that would lead elsewhere. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createManualClock } from "@serverlesspresso/clock";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callSigned } from "../aws/sign.ts";
import { type AwsBar, openAwsBar } from "../aws/support.ts";
import type { Person } from "../support/api.ts";
import { type Device, launchBrowser, openDevice } from "./browser.ts";
import { everyPayload, foreignElements, payloads } from "./payloads.ts";
import { signInAsStaff, startOrder } from "./steps.ts";

const apps = ["order", "barista", "display", "console"] as const;
type App = (typeof apps)[number];
/** High enough for every row of the display. */
const highScreen = { width: 1_600, height: 9_000 };
/** Four to a text, so that few orders hold them all. */
const texts = Array.from({ length: payloads.length / 4 }, (_, at) => payloads.slice(at * 4, at * 4 + 4).join("|"));

let browser: Browser;
let bar: AwsBar;
/** Another origin, which the operator lets pages call; what came there with a token. */
let elsewhere: Server;
let foreign: string;
const tokensSent: string[] = [];
const devices = new Map<App, Device>();
const pageOf = (app: App): Page => (devices.get(app) as Device).page;
/** Whatever a page asked of another server than its own. */
const asked: string[] = [];

async function open(app: App, address = ""): Promise<Device> {
  const device = await openDevice(browser, `${bar.url}/${app}/${address}`);
  device.page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== bar.url) asked.push(request.url());
  });
  return device;
}

beforeAll(async () => {
  elsewhere = createServer(({ headers }, response) => {
    if (headers.authorization !== undefined) tokensSent.push(headers.authorization);
    response.writeHead(200, { "access-control-allow-origin": "*", "access-control-allow-headers": "*" }).end("{}");
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  foreign = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  [browser, bar] = await Promise.all([launchBrowser(), openAwsBar({ clock: createManualClock(Date.now()), allowedOrigins: [foreign] })]);
  await bar.configure({ barcodeMinutes: 1440, drinksPerBarcode: 1_000, maxOrdersPerUser: 50 });
});
afterAll(async () => {
  await browser?.close();
  elsewhere.closeAllConnections();
  elsewhere.close();
  await bar?.close();
});

/** Nothing ran, nothing became an element, no policy had anything to stop. */
async function expectHarmless(device: Device): Promise<void> {
  expect(await device.page.evaluate("[window.hit, document.title.includes('<')]")).toEqual([undefined, false]);
  expect(await device.page.locator(foreignElements).count()).toBe(0);
  expect(device.problems).toEqual([]);
  expect(asked).toEqual([]);
}
/** What stands on a page, form fields included. */
const shownOn = (page: Page): Promise<string> =>
  page.evaluate<string>(
    "document.body.textContent + [...document.querySelectorAll('input, textarea, select')].map((field) => field.value).join('\\n')",
  );
const missingOn = async (page: Page, wanted: readonly string[]): Promise<string[]> => {
  const shown = await shownOn(page);
  return wanted.filter((one) => !shown.includes(one));
};
const aws = async (service: string, target: string, body: unknown): Promise<void> => {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  const response = await callSigned(bar, { service, headers, body: JSON.stringify(body) });
  expect([target, response.status, response.ok ? "" : await response.text()]).toEqual([target, 200, ""]);
};
/** Written straight into the table, past everything that would have cleaned it. */
async function putOrders(orders: readonly Record<string, string | number>[]): Promise<void> {
  const attribute = (value: string | number) => (typeof value === "number" ? { N: `${value}` } : { S: value });
  const requests = orders.map((order) => ({
    PutRequest: { Item: Object.fromEntries(Object.entries({ PK: "orders", ...order }).map(([name, value]) => [name, attribute(value)])) },
  }));
  for (let at = 0; at < requests.length; at += 25)
    await aws("dynamodb", "DynamoDB_20120810.BatchWriteItem", {
      RequestItems: { "serverlesspresso-order-table": requests.slice(at, at + 25) },
    });
}
const hidden = "\u202e\u200b\u2066\ufeff\u{e0041}";
function order(guest: Person, at: number, state: string, more: Record<string, string> = {}): Record<string, string | number> {
  const text = texts[at % texts.length] ?? "";
  const nowMs = bar.clock.nowMs();
  return {
    SK: `hostile-${guest.sub.slice(0, 8)}-${at}`,
    USERID: guest.sub,
    ORDERSTATE: state,
    drinkOrder: JSON.stringify({ drink: `d${text}`, modifiers: [`o${text}`] }),
    // Turned around and with characters of no width: neither is on the screen.
    name: `n${hidden}${text}${hidden}`,
    note: `t${text}`,
    reason: "",
    baristaUserId: "",
    orderNumber: at + 1,
    createdMs: nowMs - 1_000 + at,
    TS: nowMs - 1_000 + at,
    ...more,
  };
}
const placesOf = (kinds: string): string[] => [...kinds].flatMap((kind) => texts.map((text) => `${kind}${text}`));

test("RELIABILITY 22, 23, 24: all four apps show 200 payloads in their address as text, and ask by name before they follow one", async () => {
  const settings = new URLSearchParams(
    ["orderManagerEndpoint", "APIGWEndpointValidatorService", "APIGWEndpointConfigService", "userPoolEndpoint"].map(
      (name, at) => [name, `https://${at}${everyPayload}`] as [string, string],
    ),
  );
  settings.set("backend", `javascript:${everyPayload}`);
  settings.set("host", `${everyPayload}.amazonaws.com`);
  settings.set("userPoolWebClientId", everyPayload);
  for (const app of apps) {
    const device = await open(app, `#${settings}`);
    devices.set(app, device);
    await device.page.getByRole("dialog").waitFor();
    expect(await missingOn(device.page, [`0${everyPayload}`, `1${everyPayload}`, `2${everyPayload}`, `3${everyPayload}`])).toEqual([]);
    await device.page.getByRole("button", { name: "No, ignore the link" }).click();
    expect(device.page.url()).toBe(`${bar.url}/${app}/`);
    await expectHarmless(device);
  }
});

test("RELIABILITY 22: so are the server's own words, where they are no known error's", async () => {
  for (const app of apps) {
    const { page } = devices.get(app) as Device;
    await page.route(`${bar.url}/`, (route) =>
      route.fulfill({ status: 400, contentType: "application/x-amz-json-1.1", json: { __type: "OtherException", message: everyPayload } }),
    );
    if (app === "order") await page.getByRole("button", { name: "Sign in with e-mail" }).click();
    await signInAsStaff(page);
    await page
      .getByRole("alert")
      .filter({ hasText: "OtherException" })
      .or(page.getByText(payloads[0] ?? "").first())
      .first()
      .waitFor();
    expect(await missingOn(page, [everyPayload])).toEqual([]);
    await page.unroute(`${bar.url}/`);
    await expectHarmless(devices.get(app) as Device);
  }
});

test("RELIABILITY 22: names, drinks, options and notes are text in every app; what turns or hides text is gone from names", async () => {
  const admin = await bar.admin();
  const label = (text: string): string => text.slice(0, 60);
  const menu = Array.from({ length: 100 }, (_, at) => ({
    drink: label(`${at}${payloads[at]}`),
    icon: "latte",
    available: true,
    modifiers: [
      { Name: label(`${at}${payloads[at + 100]}`), Options: [label(`${at}${payloads[at]}`), label(`${at}${payloads[at + 100]}`)] },
    ],
  }));
  expect((await admin.call("PUT", "/menu", menu)).status).toBe(200);

  const page = pageOf("order");
  const window = (await admin.call<{ code: string }>("GET", "/qr-code")).body;
  await page.goto(`${bar.url}/order/?token=${window.code}`);
  await page.evaluate("window.marked = true");
  await startOrder(page, `<b>Ada</b>${hidden}`);
  expect(
    await missingOn(
      page,
      menu.map(({ drink }) => drink),
    ),
  ).toEqual([]);
  await page
    .getByRole("button", { name: menu[0]?.drink ?? "" })
    .first()
    .click();
  await page.getByRole("dialog").waitFor();
  expect(await missingOn(page, [menu[0]?.modifiers[0]?.Name ?? "-"])).toEqual([]);
  const guest = (await bar.orders("CREATED"))[0]?.userId ?? "";
  const states = (at: number): string => (at < 20 ? "SUBMITTED" : at < 35 ? "MAKING" : "COMPLETED");
  await putOrders(texts.map((_, at) => order({ sub: guest } as Person, at, states(at))));

  for (const app of ["barista", "display", "console"] as const) await signInAsStaff(pageOf(app));
  await pageOf("barista").getByRole("heading", { name: "Preview" }).waitFor();
  await pageOf("barista").getByText(`n${texts[49]}`).waitFor();
  expect(await missingOn(pageOf("barista"), placesOf("ndot"))).toEqual([]);
  await pageOf("display").getByText(`n${texts[0]}`).waitFor();
  // It measures how many rows there is room for.
  await pageOf("display").setViewportSize(highScreen);
  await expect.poll(() => missingOn(pageOf("display"), placesOf("nd"))).toEqual([]);
  await pageOf("console").getByRole("link", { name: "Menu" }).click();
  await pageOf("console").getByRole("heading", { name: "Menu", level: 1 }).waitFor();
  await expect
    .poll(() =>
      missingOn(
        pageOf("console"),
        menu.flatMap(({ drink, modifiers }) => [drink, modifiers[0]?.Name ?? ""]),
      ),
    )
    .toEqual([]);

  await page.reload();
  // The drink that was looked at lies open again.
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "My orders" }).click();
  await page.getByRole("dialog").waitFor();
  // The newest 50 of 51 are asked for.
  await expect
    .poll(() =>
      missingOn(
        page,
        placesOf("ndot").filter((text) => !text.endsWith(texts[0] ?? "")),
      ),
    )
    .toEqual([]);
  for (const app of apps) {
    expect(await shownOn(pageOf(app))).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]|\u{e0041}/u);
    await expectHarmless(devices.get(app) as Device);
  }
});

test("RELIABILITY 22: a reason, an event's message, a topic, a log line, a definition: text where they are shown, and nothing where not", async () => {
  const before = (await bar.orders("CREATED")).map(({ orderId }) => orderId);
  const { code } = (await (await bar.admin()).call<{ code: string }>("GET", "/qr-code")).body;
  const device = await open("order", `?token=${code}`);
  const { page } = device;
  await startOrder(page, "Bea");
  const { orderId, userId } = (await bar.orders("CREATED")).find((one) => !before.includes(one.orderId)) ?? {};
  const source = "awsserverlessda.serverlesspresso";
  const detail = { orderId, userId, Message: everyPayload, reason: `r${everyPayload}`, TS: bar.clock.nowMs() + 5_000 };
  for (const type of [everyPayload.slice(0, 120), "OrderManager.OrderCancelled"]) {
    const Entries = [{ EventBusName: "Serverlesspresso", Source: source, DetailType: type, Detail: JSON.stringify(detail) }];
    await aws("events", "AWSEvents.PutEvents", { Entries });
  }
  await page.getByText(`r${payloads[0]}`).waitFor();
  expect(await missingOn(page, [`r${everyPayload}`])).toEqual([]);
  await page.getByText("Behind the counter").click();
  await page.getByText("OrderManager.OrderCancelled").waitFor();

  const publish = {
    service: "iotdata",
    body: JSON.stringify({ id: "1", time: "", type: everyPayload, detail: { Message: everyPayload } }),
  };
  for (const topic of ["serverlesspresso-config", "serverlesspresso-admin", `serverlesspresso-user-${userId}`, `<script>top.hit=1`])
    await callSigned(bar, { ...publish, path: `/topics/${encodeURIComponent(topic)}` });
  await aws("logs", "Logs_20140328.CreateLogGroup", { logGroupName: "hostile" });
  await aws("logs", "Logs_20140328.CreateLogStream", { logGroupName: "hostile", logStreamName: "a" });
  const logEvents = payloads.map((message) => ({ timestamp: Date.now(), message }));
  await aws("logs", "Logs_20140328.PutLogEvents", { logGroupName: "hostile", logStreamName: "a", logEvents });
  const definition = JSON.stringify({ Comment: everyPayload, StartAt: "<img/src=x>", States: { "<img/src=x>": { Type: "Succeed" } } });
  const roleArn = "arn:aws:iam::123456789012:role/any";
  await aws("states", "AWSStepFunctions.CreateStateMachine", { name: "hostile", definition, roleArn });
  for (const section of ["Shop", "Mail", "Devices"]) {
    await pageOf("console").getByRole("link", { name: section }).click();
    await pageOf("console").getByRole("heading", { name: section, level: 1 }).waitFor();
  }
  for (const one of [device, ...devices.values()]) await expectHarmless(one);
});

test("RELIABILITY 23: whoever agrees to another backend stands there signed out: no token goes where none was issued", async () => {
  for (const name of ["backend", "orderManagerEndpoint", "APIGWEndpointValidatorService", "APIGWEndpointConfigService"]) {
    const page = pageOf("display");
    await page.goto(`${bar.url}/display/?${name}=${encodeURIComponent(foreign)}`);
    await page.getByRole("dialog").getByText(new URL(foreign).host).waitFor();
    const isReloaded = page.waitForEvent("load");
    await page.locator("dialog .danger").click();
    await isReloaded;
    await page.getByLabel("Password").waitFor();
    expect([name, tokensSent]).toEqual([name, []]);
    await page.evaluate("localStorage.removeItem('serverlesspresso.display.settings')");
  }
});

test("RELIABILITY 23: a backend that the operator has not named is not even asked, though the user agrees", async () => {
  let isAsked = false;
  const stranger = createServer(() => (isAsked = true));
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  for (const app of apps) {
    const device = await openDevice(browser, `${bar.url}/${app}/?backend=${encodeURIComponent(address)}`);
    const refused = device.page.waitForEvent("console", (message) => message.text().includes("Content Security Policy"));
    await device.page.locator("dialog .danger").click();
    expect((await refused).text()).toContain(address);
    await device.close();
  }
  stranger.close();
  expect(isAsked).toBe(false);
});
