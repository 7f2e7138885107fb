/**
 * I14. A client that read the API once and then received the messages of the admin topic shows, after quiet, what the API says.
 */
import { finalStates, names, openStates } from "@serverlesspresso/contract";
import { listen } from "../api/steps.ts";
import type { OrderView, Person } from "../support/api.ts";

const stateTold: Readonly<Record<string, (detail: Readonly<Record<string, unknown>>) => string>> = {
  "Validator.NewOrder": () => "CREATED",
  "OrderManager.WaitingCompletion": ({ state }) => `${state}`,
  "OrderManager.MakeOrder": ({ baristaUserId }) => ((baristaUserId ?? "") === "" ? "SUBMITTED" : "MAKING"),
  "OrderManager.OrderCompleted": () => "COMPLETED",
  "OrderManager.OrderCancelled": () => "CANCELLED",
  "OrderProcessor.OrderTimeOut": () => "TIMEDOUT",
  "OrderProcessor.ShopUnavailable": () => "REFUSED",
};
const isFinal: ReadonlySet<unknown> = new Set(finalStates);

export interface Watch {
  /** What differs now; ends the watch. */
  end(): Promise<string[]>;
}

/** Begins to listen, then reads every open order, as an app does when it connects. */
export async function watchOrders(url: string, admin: Person): Promise<Watch> {
  const ear = await listen(url, admin, names.adminTopic);
  const shown = new Map<string, { state: string; atMs: number }>();
  for (const state of openStates) {
    for (const order of await readAll(admin, state)) shown.set(order.orderId, { state, atMs: order.updatedMs });
  }
  return {
    async end() {
      ear.end();
      for (const { type, time, detail } of ear.heard) {
        const state = stateTold[type]?.(detail);
        if (state === undefined) continue;
        const { orderId, TS } = detail as { readonly orderId: string; readonly TS?: number };
        const atMs = TS ?? Date.parse(time);
        const before = shown.get(orderId);
        if (before !== undefined && isFinal.has(before.state)) continue;
        if (before !== undefined && atMs < before.atMs && !isFinal.has(state)) continue;
        shown.set(orderId, { state, atMs });
      }
      const found: string[] = [];
      for (const [orderId, { state }] of shown) {
        const { orderState } = await admin.order(orderId);
        if (orderState !== state) found.push(`I14: order ${orderId} is ${orderState}, its messages ended with ${state}`);
      }
      return found;
    },
  };
}

async function readAll(admin: Person, state: string): Promise<(OrderView & { readonly updatedMs: number })[]> {
  const all: (OrderView & { readonly updatedMs: number })[] = [];
  let next: string | null = "";
  while (next !== null) {
    const page: { status: number; body: { orders: (OrderView & { updatedMs: number })[]; next: string | null } } = await admin.call(
      "GET",
      `/orders?state=${state}&maxItems=100${next === "" ? "" : `&next=${encodeURIComponent(next)}`}`,
    );
    all.push(...page.body.orders);
    next = page.body.next ?? null;
  }
  return all;
}
