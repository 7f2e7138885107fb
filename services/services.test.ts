/** What services and blueprint say of the same things is the same. */
import { blueprint, names, problemType, problemTypes } from "@serverlesspresso/blueprint";
import { Config, Order } from "@serverlesspresso/blueprint/schemas.ts";
import type { Ports } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { createServices } from "./index.ts";
import { newOrder, presentOrder } from "./shared/order-item.ts";
import { problem, problems } from "./shared/problem.ts";
import { parseShop } from "./shared/shop.ts";

test("there is a handler for each function, and no other", () => {
  const handlers = Object.keys(createServices({} as Ports, names));
  expect(handlers.toSorted()).toEqual(blueprint.functions.map(({ name }) => name).toSorted());
});

test("problems are those of the API", () => {
  for (const [slug, [status, title]] of Object.entries(problems)) {
    expect(problemTypes).toMatchObject({ [slug]: [status, title] });
    expect(problem(slug as keyof typeof problems, "").type).toBe(problemType(slug as keyof typeof problemTypes));
  }
});

test("answers have the API's shapes", () => {
  const order = newOrder("1", "ada", 1);
  expect(Order.parse(presentOrder(order, false))).not.toHaveProperty("userId");
  expect(Order.parse(presentOrder({ ...order, drinkOrder: '{"drink":"Latte","modifiers":[]}' }, true))).toMatchObject({ userId: "ada" });
  expect(() => Config.parse({ ...parseShop(undefined, 0), menu: [] })).not.toThrow();
});

test("without a config item the shop is closed", () => {
  expect(parseShop(undefined, 0).storeOpen).toBe(false);
});
