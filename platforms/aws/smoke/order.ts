/**
 * Plays one order at a running shop, through its public address alone, as guest and barista, and logs each step.
 */
import { topicNamesOf } from "@serverlesspresso/contract";
import { createApi, type Json, signInStaff } from "./api.ts";
import { type Live, listen } from "./live.ts";

/** The address of the shop, and the admin who plays the barista. */
export interface SmokeOptions {
  /** The shop's address, without a slash at its end. */
  readonly url: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly log: (line: string) => void;
}

/** Plays the order. Rejects at the first step that fails. */
export async function playOrder({ url, adminEmail, adminPassword, log }: SmokeOptions): Promise<void> {
  const api = createApi(url);
  const live: Live[] = [];
  const step = async <T>(what: string, act: () => Promise<T>, tell: (result: T) => string = () => ""): Promise<T> => {
    const startedMs = performance.now();
    const result = await act();
    log(`${String(Math.round(performance.now() - startedMs)).padStart(6)} ms  ${what}${tell(result) === "" ? "" : `: ${tell(result)}`}`);
    return result;
  };

  try {
    const settings = await step(
      "the settings",
      () => api.call("GET /settings.json"),
      ({ region }) => String(region),
    );
    const config = await step(
      "the menu",
      () => api.call("GET /config"),
      ({ menu }) => `${(menu as Json[]).length} drinks`,
    );
    if (config.storeOpen !== true) throw new Error("the shop is closed: open it first (PUT /store?state=open)");
    const userPool = typeof settings.userPoolEndpoint === "string" ? settings.userPoolEndpoint : url;
    const staff = await step("a barista signs in", () =>
      signInStaff(userPool, String(settings.userPoolWebClientId), adminEmail, adminPassword),
    );
    const tokens = await step("a guest signs in", () => api.call("POST /guests", { body: { name: "Smoke" } }));
    const guest = String(tokens.AccessToken);
    const topics = topicNamesOf(String(settings.bar));
    const mqttUrl = `${url.replace(/^http/, "ws")}/mqtt`;
    const bar = await step("the bar listens", () => listen(mqttUrl, topics.adminTopic, staff));
    live.push(bar);
    const phone = await step("the phone listens", () => listen(mqttUrl, `${topics.userTopicPrefix}${subjectOf(guest)}`, guest));
    live.push(phone);

    const window = await step(
      "the display's code",
      () => api.call("GET /qr-code", { token: staff }),
      ({ remaining }) => `${remaining} drinks left`,
    );
    const spend = `POST /qr-code?token=${encodeURIComponent(String(window.code))}`;
    const orderId = String((await step("the guest scans it", () => api.call(spend, { token: guest }))).orderId);
    await step("the phone hears of it", () => phone.hears("OrderProcessor.WorkflowStarted", orderId));
    const act = (action: string, token: string, body?: Json): Promise<Json> =>
      api.call(`PUT /orders/${orderId}?action=${action}`, { token, ...(body !== undefined && { body }) });
    await step("the guest chooses a latte", () => act("placeOrder", guest, { drink: "Latte", modifiers: ["Oat"], name: "Smoke" }));
    const waiting = await step("the bar hears of it", () => bar.hears("OrderManager.WaitingCompletion", orderId), numberOf);
    await step("the barista makes it", () => act("make", staff), stateOf);
    await step("the phone hears that", () => phone.hears("OrderManager.MakeOrder", orderId));
    await step("the barista completes it", () => act("complete", staff), stateOf);
    await step("the phone hears it is ready", () => phone.hears("OrderManager.OrderCompleted", orderId), numberOf);
    await step("the workflow ends", () => bar.hears("OrderProcessor.orderFinished", orderId));
    const order = await step("the order as it stands", () => api.call(`GET /orders/${orderId}`, { token: guest }), stateOf);
    expectEnd(order, waiting);
  } finally {
    await Promise.all(live.map((one) => one.close()));
  }
}

const stateOf = (order: Json): string => String(order.orderState);
const numberOf = ({ detail }: Json): string => `number ${String((detail as Json).orderNumber)}`;

function expectEnd(order: Json, waiting: Json): void {
  const wanted = [`COMPLETED`, (waiting.detail as Json).orderNumber];
  const found = [order.orderState, order.orderNumber];
  if (JSON.stringify(wanted) !== JSON.stringify(found))
    throw new Error(`the order stands at ${found.join(", ")}, expected ${wanted.join(", ")}`);
}

/** Returns the token's claims without verifying it: only the guest's own topic follows from them. */
function subjectOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { readonly sub: string };
  return claims.sub;
}
