/** Who may come into the console, in real pages. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAdmin } from "../support/api.ts";
import { adminEmail, adminPassword, type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, findings, launchBrowser, openDevice } from "./browser.ts";

const barista = { email: "barista@example.com", password: "another quiet harbour 41" };
const folder = temporaryFolder();
let browser: Browser;
let server: Server;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path })]);
  const admin = await signInAdmin(server.url);
  const { userPoolId: UserPoolId } = (await admin.call<{ userPoolId: string }>("GET", "/settings.json")).body;
  const calls: readonly (readonly [operation: string, body: object])[] = [
    ["AdminCreateUser", { MessageAction: "SUPPRESS" }],
    ["AdminSetUserPassword", { Password: barista.password, Permanent: true }],
    ["AdminAddUserToGroup", { GroupName: "admin" }],
  ];
  for (const [operation, body] of calls) {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
    };
    expect((await admin.call("POST", "/", { UserPoolId, Username: barista.email, ...body }, headers)).status).toBe(200);
  }
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

async function signIn({ page }: Device, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("a barista is told who may come in, also after a reload, and an operator signs in in their place", async () => {
  const device = await openDevice(browser, `${server.url}/console/`);
  const { page } = device;
  const told = page.getByText("Only operators may come in here");
  const desk = page.getByRole("heading", { name: "Shop", exact: true });
  await signIn(device, barista.email, barista.password);
  await told.waitFor();
  expect(await findings(page)).toEqual([]);
  await page.reload();
  await told.waitFor();
  expect(await desk.count()).toBe(0);
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await signIn(device, adminEmail, adminPassword);
  await desk.waitFor();
  await page.getByRole("link", { name: "Mail" }).click();
  await page.getByRole("heading", { name: "Mail", exact: true }).waitFor();
  expect(device.problems).toEqual([]);
  await device.close();
});

test("the section in the address is the one shown: after the sign-in, and at once to who is signed in", async () => {
  const device = await openDevice(browser, `${server.url}/console/#devices`);
  const { page } = device;
  const devices = page.getByRole("heading", { name: "Devices", exact: true });
  await signIn(device, adminEmail, adminPassword);
  await devices.waitFor();
  await page.reload();
  await devices.waitFor();
  expect(new URL(page.url()).hash).toBe("#devices");
  expect(device.problems).toEqual([]);
  await device.close();
});
