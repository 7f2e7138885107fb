/** One place in the closed loop: a guest who signs in once and then orders again and again, with a barista who makes each drink at once. */
import type { JsonObject } from "@serverlesspresso/ports";
import { type Answer, createRobotApi, type RobotApi } from "../../platforms/local/src/robots/api.ts";
import type { Refusals } from "./refusals.ts";

/** The calls of an order, in their order. */
export const calls = ["qr-code", "place", "make", "complete"] as const;
export type Call = (typeof calls)[number];

/** What all guests of a run share. */
export interface Shop {
  readonly url: string;
  readonly barista: RobotApi;
  readonly code: string;
  /** Resolves when the workflow of the order has ended; with false where no message of it comes for 20 s. */
  finished(orderId: string): Promise<boolean>;
  /** Takes how long a call took, and the body of an answer in the 200s. */
  report(call: Call, milliseconds: number, body: unknown): void;
  readonly refusals: Refusals;
}

/** Returns what plays one order to its end; an order that is refused ends early, and its guest leaves. */
export function createGuest(shop: Shop): () => Promise<boolean> {
  let guest: Promise<RobotApi> | undefined;
  return async () => {
    guest ??= signIn(shop);
    const isDone = await playOrder(shop, await guest);
    // The next guest has no open order.
    if (!isDone) guest = undefined;
    return isDone;
  };
}

async function signIn({ url }: Shop): Promise<RobotApi> {
  const guest = createRobotApi(url);
  const signedIn = await guest.call<{ AccessToken: string }>("POST", "/guests", { name: "Ada" });
  if (!signedIn.ok) throw new Error(`guest sign-in answered ${signedIn.status}`);
  guest.adopt(signedIn.body);
  return guest;
}

const drink: JsonObject = { drink: "Cappuccino", modifiers: ["Oat"], name: "Ada", note: "" };

async function playOrder(shop: Shop, guest: RobotApi): Promise<boolean> {
  const scanned = await timed<{ orderId: string }>(shop, "qr-code", guest, "POST", `/qr-code?token=${encodeURIComponent(shop.code)}`);
  if (!scanned.ok) return false;
  const { orderId } = scanned.body;
  const act = (call: Call, who: RobotApi, action: string, body: JsonObject = {}): Promise<Answer<unknown>> =>
    timed(shop, call, who, "PUT", `/orders/${orderId}?action=${action}`, body);
  if (!(await act("place", guest, "", drink)).ok) return false;
  if (!(await act("make", shop.barista, "make")).ok) return false;
  const finished = shop.finished(orderId);
  if (!(await act("complete", shop.barista, "complete")).ok) return false;
  return finished;
}

/** Asks as robots do: again where the order is not ready, a second later, up to five times. Each answer counts. */
async function timed<T>(
  { report, refusals }: Shop,
  call: Call,
  who: RobotApi,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<Answer<T>> {
  for (let tries = 1; ; tries++) {
    const begun = performance.now();
    const answer = await who.call<T>(method, path, body);
    report(call, performance.now() - begun, answer.ok ? answer.body : undefined);
    if (answer.ok) return answer;
    refusals.note(answer.status, answer.problem);
    if (answer.status !== 409 || tries === 5) return answer;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
