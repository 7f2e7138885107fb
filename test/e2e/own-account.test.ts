/** Whose account it is, in real pages: a stranger signs up with another person's address, and its owner makes it theirs. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInAdmin } from "../support/api.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type Device, launchBrowser, openDevice } from "./browser.ts";

const email = "ana@example.com";
const stolen = "somebody else's first try";
const own = "flower pot on the roof";
const folder = temporaryFolder();
let browser: Browser;
let server: Server;
let stranger: Device;
let owner: Device;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer({ dataFolder: folder.path })]);
  const phone = { viewport: { width: 390, height: 844 } };
  [stranger, owner] = await Promise.all([
    openDevice(browser, `${server.url}/order/`, phone),
    openDevice(browser, `${server.url}/order/`, phone),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
  folder.remove();
});

const press = ({ page }: Device, name: string | RegExp) => page.getByRole("button", { name }).click();
const fill = ({ page }: Device, label: string | RegExp, text: string) => page.getByLabel(label).fill(text);
const says = ({ page }: Device, text: string | RegExp) => page.getByText(text).waitFor();

/** The code of the newest mail, which has to be another than the last. */
async function newestCode(count: number): Promise<string> {
  const admin = await signInAdmin(server.url);
  const mails = async () => (await admin.call<{ mails: { to: string; text: string }[] }>("GET", "/outbox")).body.mails;
  await expect.poll(async () => (await mails()).length).toBe(count);
  return /\b\d{6}\b/.exec((await mails())[0]?.text ?? "")?.[0] ?? "";
}

async function signUp(device: Device, password: string): Promise<void> {
  await press(device, "Sign in with e-mail");
  await press(device, /Create account/);
  await fill(device, "E-mail", email);
  await fill(device, /^Password/, password);
  await press(device, "Create account");
}

test("the owner of an address that a stranger signed up is led to a password of their own, also after leaving the page", async () => {
  await signUp(stranger, stolen);
  await says(stranger, `A code is on its way to ${email}.`);
  await signUp(owner, own);
  await press(owner, "I have a code");
  await says(owner, `Enter the code from the e-mail to ${email}.`);
  await press(owner, "Send the code again");
  await says(owner, `A code is on its way to ${email}.`);
  await fill(owner, "Code from the e-mail", await newestCode(2));
  await press(owner, "Confirm");
  await says(owner, "The password of this account may not be yours.");
  const code = await newestCode(3);

  await owner.page.reload();
  await press(owner, "Sign in with e-mail");
  await says(owner, "The password of this account may not be yours.");
  await fill(owner, "Code from the e-mail", code);
  await fill(owner, /^New password/, own);
  await press(owner, "Set password");
  await owner.page.getByRole("button", { name: "Set password" }).waitFor({ state: "detached" });

  await stranger.page.reload();
  await press(stranger, "Sign in with e-mail");
  await press(stranger, /Already have an account/);
  await fill(stranger, /^Password/, stolen);
  await press(stranger, "Sign in");
  await says(stranger, "E-mail or password is wrong.");
  expect([...owner.problems, ...stranger.problems]).toEqual([]);
});
