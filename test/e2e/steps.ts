/** What people do with the apps, by what they read on them. */
import type { Page } from "playwright-core";
import { act, signInGuest } from "../support/api.ts";
import { adminEmail, adminPassword } from "../support/server.ts";

export async function signInAsStaff(page: Page): Promise<void> {
  await page.getByLabel("E-mail").fill(adminEmail);
  await page.getByLabel("Password").fill(adminPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Gives the name for the cup; resolves when a drink can be chosen. */
export async function startOrder(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name for the cup").fill(name);
  await page.getByRole("button", { name: "Start my order" }).click();
  await page.getByRole("heading", { name: "What will it be?" }).waitFor();
}

export async function pickOatLatte(page: Page, note: string): Promise<void> {
  await page.getByRole("button", { name: /^Latte/ }).click();
  await page.getByText("Oat", { exact: true }).click();
  await page.getByLabel("Note for the barista").fill(note);
}

export const sendOrder = (page: Page): Promise<void> => page.getByRole("button", { name: "Order Latte" }).click();

/**
 * A `barcodeMinutes` whose window, at `nowMs`, goes on for ten hours or more. Windows are aligned to the epoch: one of a set
 * length ends in the midst of some run, at noon or at midnight.
 * @param nth 0 for the longest that is left, 1 for the next: another window, with another code
 */
export function longWindow(nowMs: number, nth = 0): number {
  const minutes = Math.floor(nowMs / 60_000);
  const left = (length: number): number => length - (minutes % length);
  const lengths = Array.from({ length: 721 }, (_, at) => 720 + at).sort((one, other) => left(other) - left(one));
  return lengths[nth] ?? 1440;
}

/** The link in the QR code on the display. */
export async function linkOnDisplay(display: Page): Promise<string> {
  return (await display.locator("[data-link]").getAttribute("data-link")) ?? "";
}

/** Orders as another guest would, without a browser. */
export async function orderByApi(
  url: string,
  code: string,
  wish: { readonly name: string; readonly drink: string; readonly modifiers: readonly string[]; readonly note?: string },
): Promise<{ readonly orderId: string }> {
  const guest = await signInGuest(url, wish.name);
  const { body } = await guest.scan(code);
  await act(guest, body.orderId, "placeOrder", wish);
  return body;
}
