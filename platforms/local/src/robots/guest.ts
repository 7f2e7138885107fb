import { isFinal, type OrderState } from "@serverlesspresso/contract";
import type { RobotApi } from "./api.ts";
import type { Pace } from "./pace.ts";

const names = [
  "Ada",
  "Alan",
  "Barbara",
  "Edsger",
  "Frances",
  "Grace",
  "Guido",
  "Hedy",
  "Ken",
  "Leslie",
  "Linus",
  "Margaret",
  "Radia",
  "Tim",
];
const notes = ["", "", "", "", "Extra hot", "Not too hot, please"];

interface Menu {
  readonly menu: readonly {
    readonly drink: string;
    readonly available: boolean;
    readonly modifiers: readonly { readonly Options: readonly string[] }[];
  }[];
}

/** What a guest needs beside the API: the code on the display. */
export interface GuestWorld {
  readonly guest: RobotApi;
  readonly pace: Pace;
  readonly readCode: () => Promise<string | undefined>;
}

/** One guest, once: signs in, scans, thinks, orders, sometimes thinks better of it, waits for the drink. */
export async function playGuest({ guest, pace, readCode }: GuestWorld): Promise<void> {
  const name = pace.pick(names) ?? "Ada";
  const signedIn = await guest.call<{ AccessToken: string }>("POST", "/guests", { name });
  if (!signedIn.ok) return pace.wait(20);
  guest.adopt(signedIn.body);
  const code = await readCode();
  if (code === undefined) return pace.wait(20);
  const scanned = await guest.call<{ orderId: string }>("POST", `/qr-code?token=${encodeURIComponent(code)}`);
  if (!scanned.ok) return pace.wait(30);
  const { orderId } = scanned.body;
  await pace.wait(15);
  if (pace.happens(0.03)) return void (await guest.call("PUT", `/orders/${orderId}?action=cancel`, {}));
  if (pace.happens(0.02)) return;
  await order(guest, pace, orderId, name);
  if (pace.happens(0.04)) {
    await pace.wait(20);
    await guest.call("PUT", `/orders/${orderId}?action=cancel`, { reason: "Had to run" });
  }
  await waitForTheEnd(guest, pace, orderId);
}

async function order(guest: RobotApi, pace: Pace, orderId: string, name: string): Promise<void> {
  const config = await guest.call<Menu>("GET", "/config");
  if (!config.ok) return;
  const chosen = pace.pick(config.body.menu.filter(({ available }) => available));
  if (chosen === undefined) return;
  const modifiers = chosen.modifiers.flatMap(({ Options }) => pace.pick(Options) ?? []);
  await guest.call("PUT", `/orders/${orderId}?action=`, { drink: chosen.drink, modifiers, name, note: pace.pick(notes) ?? "" });
}

async function waitForTheEnd(guest: RobotApi, pace: Pace, orderId: string): Promise<void> {
  for (let looks = 0; looks < 200 && !pace.isOver(); looks++) {
    const order = await guest.call<{ orderState: OrderState }>("GET", `/orders/${orderId}`);
    if (!order.ok || isFinal(order.body.orderState)) return;
    await pace.wait(10);
  }
}
