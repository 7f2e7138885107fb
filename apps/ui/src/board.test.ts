import { configFields, mostOrdersPerPage } from "@serverlesspresso/contract";
import { expect, test } from "vitest";
import { createApi } from "./api.ts";
import { readBoard } from "./board.ts";
import type { Session } from "./session.ts";
import type { Endpoints } from "./settings.ts";

/** The API's list of orders: so many in a state, a page at a time; refuses a page larger than the contract's. */
function listing(counts: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const answer = async (url: string) => {
    const { searchParams } = new URL(url);
    const [state, maxItems] = [searchParams.get("state") ?? "", Number(searchParams.get("maxItems"))];
    asked.push(state);
    expect(maxItems).toBeGreaterThan(0);
    expect(maxItems).toBeLessThanOrEqual(mostOrdersPerPage);
    const [from, all] = [Number(searchParams.get("next") ?? 0), counts[state] ?? 0];
    const to = Math.min(from + maxItems, all);
    const orders = Array.from({ length: to - from }, (_, index) => ({ orderId: `${state}-${from + index}`, orderState: state }));
    return { status: 200, body: { orders, next: to < all ? String(to) : null } };
  };
  const session: Pick<Session, "accessToken"> = { accessToken: async () => "token" };
  const endpoints = (): Endpoints => ({ orders: "https://bar.example" }) as Endpoints;
  return { asked, api: createApi(answer, endpoints, session as Session) };
}

test("a board starts from every open order of the longest queue, and the last forty completed", async () => {
  const longest = configFields.maxOrdersInQueue.maximum;
  const { api } = listing({ SUBMITTED: longest, MAKING: mostOrdersPerPage + 1, COMPLETED: 100 });
  const orders = await readBoard(api);
  const idsOf = (state: string) => new Set(orders.filter(({ orderState }) => orderState === state).map(({ orderId }) => orderId));
  expect([idsOf("SUBMITTED").size, idsOf("MAKING").size, idsOf("COMPLETED").size]).toEqual([longest, mostOrdersPerPage + 1, 40]);
});

test("a short queue takes one call for each state", async () => {
  const { api, asked } = listing({ SUBMITTED: 3, MAKING: 1 });
  expect(await readBoard(api)).toHaveLength(4);
  expect(asked.toSorted()).toEqual(["COMPLETED", "MAKING", "SUBMITTED"]);
});
