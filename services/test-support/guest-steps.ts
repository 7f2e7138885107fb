/** The steps of guests and baristas, as tests write them. */
import type { Identity, JsonObject } from "@serverlesspresso/ports";
import type { Answer, Bar } from "./bar.ts";

/** The steps of guests and baristas in one bar. */
export interface Steps {
  /** The current window's code. */
  code(): Promise<string>;
  /** Scans the current code; the workflow waits for the drink. */
  scan(guest: Identity): Promise<string>;
  place(guest: Identity, orderId: string, body?: JsonObject): Promise<Answer>;
  act(who: Identity, orderId: string, action: string, body?: JsonObject): Promise<Answer>;
  /** Scans and places: the order waits for a barista. */
  order(guest: Identity): Promise<string>;
  state(orderId: string): Promise<unknown>;
  /** The types of all events about an order, oldest first. */
  story(orderId: string): string[];
  remaining(): Promise<unknown>;
}

/** The body of an order for a latte. */
export const latte: JsonObject = { drink: "Latte", modifiers: ["Oat"], name: "Ada" };

/** Steps in a bar. */
export function stepsIn(bar: Bar): Steps {
  const steps: Steps = {
    code: async () => (await bar.call(bar.barista, "GET /qr-code")).body.code as string,
    async scan(guest) {
      const { status, body } = await bar.call(guest, `POST /qr-code?token=${await steps.code()}`);
      if (status !== 201) throw new Error(`scan answered ${status}: ${JSON.stringify(body)}`);
      await bar.settle();
      return body.orderId as string;
    },
    place: (guest, orderId, body = latte) => bar.finish(bar.call(guest, `PUT /orders/${orderId}`, { body })),
    act: (who, orderId, action, body = {}) => bar.finish(bar.call(who, `PUT /orders/${orderId}?action=${action}`, { body })),
    async order(guest) {
      const orderId = await steps.scan(guest);
      const { status, body } = await steps.place(guest, orderId);
      if (status !== 200) throw new Error(`place answered ${status}: ${JSON.stringify(body)}`);
      await bar.settle();
      return orderId;
    },
    state: async (orderId) => (await bar.order(orderId))?.ORDERSTATE,
    story: (orderId) =>
      bar
        .events()
        .filter(({ detail }) => (detail as JsonObject).orderId === orderId)
        .map((event) => event["detail-type"]),
    remaining: async () => (await bar.call(bar.barista, "GET /qr-code")).body.remaining,
  };
  return steps;
}
