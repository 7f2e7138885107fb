import { expect, test, vi } from "vitest";
import { createOrderBook } from "./order-book.ts";
import { type Message, type Order, parseOrder } from "./orders.ts";

const order = (orderId: string, orderState = "SUBMITTED", updatedMs = 1): Order =>
  parseOrder({ orderId, orderState, updatedMs, name: "Ana", drinkOrder: { drink: "Latte", modifiers: [] } });
const made = (id: string, orderId: string, TS: number): Message => ({
  id,
  time: "",
  type: "OrderManager.MakeOrder",
  detail: { orderId, baristaUserId: "b", TS },
});

test("a message counts once", () => {
  const book = createOrderBook(async (id) => order(id));
  book.merge(order("o1"));
  expect([book.take(made("m", "o1", 5)), book.take(made("m", "o1", 5))]).toEqual([true, false]);
});

test("an order known in part is asked for, once at a time", async () => {
  const fetchOrder = vi.fn(async (id: string) => order(id, "MAKING", 6));
  const book = createOrderBook(fetchOrder);
  book.take(made("m1", "o1", 5));
  book.take(made("m2", "o1", 6));
  await vi.waitFor(() => expect(book.orders.value.get("o1")).toMatchObject({ partial: false, drink: "Latte" }));
  expect(fetchOrder).toHaveBeenCalledOnce();
});

test("what comes while a snapshot is read is not lost", async () => {
  const book = createOrderBook(async (id) => order(id));
  let answer = (_: Order[]): void => {};
  const loading = book.load(() => new Promise((resolve) => (answer = resolve)));
  book.take(made("m1", "o1", 5));
  answer([order("o1")]);
  await loading;
  expect(book.orders.value.get("o1")?.orderState).toBe("MAKING");
});

test("a snapshot that fails leaves what was known", async () => {
  const book = createOrderBook(async (id) => order(id));
  book.merge(order("o1"));
  await expect(book.load(() => Promise.reject(new Error("cut off")))).rejects.toThrow("cut off");
  expect(book.orders.value.size).toBe(1);
});
