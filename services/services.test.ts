/** What services and blueprint say of the same things is the same. */
import { blueprint } from "@serverlesspresso/blueprint";
import { names } from "@serverlesspresso/contract";
import { Config, Order } from "@serverlesspresso/contract/api";
import { OrderId, UserId } from "@serverlesspresso/contract/ids";
import type { Ports } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { createHandlers, services } from "./index.ts";
import { newOrder, presentOrder } from "./shared/order.ts";
import { parseShop } from "./shared/shop.ts";

test("there is a handler for each function, and no other", () => {
  const handlers = Object.keys(createHandlers(services, {} as Ports, names));
  expect(handlers.toSorted()).toEqual(blueprint.functions.map(({ name }) => name).toSorted());
});

test("answers have the API's shapes", () => {
  const order = newOrder(OrderId.parse("1"), UserId.parse("ada"), 1);
  expect(Order.parse(presentOrder(order, false))).not.toHaveProperty("userId");
  expect(Order.parse(presentOrder({ ...order, drinkOrder: { drink: "Latte", modifiers: [] } }, true))).toMatchObject({ userId: "ada" });
  expect(() => Config.parse({ ...parseShop(undefined, 0), menu: [] })).not.toThrow();
});

test("without a config item the shop is closed", () => {
  expect(parseShop(undefined, 0).storeOpen).toBe(false);
});
