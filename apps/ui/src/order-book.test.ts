import { expect, test, vi } from "vitest";
import { createManualClock } from "./manual-clock.ts";
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

const clock = createManualClock(0);

test("a message counts once", () => {
  const book = createOrderBook(async (id) => order(id), clock);
  book.merge(order("o1"));
  expect([book.take(made("m", "o1", 5)), book.take(made("m", "o1", 5))]).toEqual([true, false]);
});

test("an order known in part is asked for", async () => {
  const fetchOrder = vi.fn(async (id: string) => order(id, "MAKING", 6));
  const book = createOrderBook(fetchOrder, clock);
  book.take(made("m1", "o1", 5));
  await expect.poll(() => book.orders.value.get("o1")).toMatchObject({ partial: false, drink: "Latte" });
  expect(fetchOrder).toHaveBeenCalledOnce();
});

test("an answer that comes after a sign-out brings back nothing of the former user", async () => {
  let answer = (_: Order): void => {};
  let snapshot = (_: Order[]): void => {};
  const book = createOrderBook(() => new Promise((resolve) => (answer = resolve)), clock);
  book.refetch("o1");
  const loaded = book.load(() => new Promise((resolve) => (snapshot = resolve)));
  book.clear();
  answer(order("o1"));
  snapshot([order("o2")]);
  await loaded;
  await new Promise((resolve) => setTimeout(resolve));
  expect(book.orders.value.size).toBe(0);
});

test("a question without an answer is asked again", async () => {
  const fetchOrder = vi
    .fn<(id: string) => Promise<Order>>()
    .mockRejectedValueOnce(new TypeError("cut off"))
    .mockResolvedValue(order("o1", "MAKING", 6));
  const book = createOrderBook(fetchOrder, clock);
  book.take(made("m1", "o1", 5));
  await expect
    .poll(() => {
      clock.advance(1_000);
      return book.orders.value.get("o1")?.partial;
    })
    .toBe(false);
});

test("an answer older than what has come meanwhile is not the last word", async () => {
  const created = parseOrder({ orderId: "o1", orderState: "CREATED", updatedMs: 1 });
  const fetchOrder = vi
    .fn<(id: string) => Promise<Order>>()
    .mockResolvedValueOnce(created)
    .mockResolvedValue(order("o1", "SUBMITTED", 5));
  const book = createOrderBook(fetchOrder, clock);
  book.take({ id: "m1", time: "", type: "Validator.NewOrder", detail: { orderId: "o1" } });
  const drinkOrder = { drink: "Latte", modifiers: [] };
  book.take({ id: "m2", time: "", type: "OrderManager.WaitingCompletion", detail: { orderId: "o1", orderNumber: 1, drinkOrder, TS: 5 } });
  await expect.poll(() => book.orders.value.get("o1")).toMatchObject({ partial: false, name: "Ana", orderState: "SUBMITTED" });
  expect(fetchOrder).toHaveBeenCalledTimes(2);
});

test("what comes while a snapshot is read is not lost", async () => {
  const book = createOrderBook(async (id) => order(id), clock);
  let answer = (_: Order[]): void => {};
  const loading = book.load(() => new Promise((resolve) => (answer = resolve)));
  book.take(made("m1", "o1", 5));
  answer([order("o1")]);
  await loading;
  expect(book.orders.value.get("o1")?.orderState).toBe("MAKING");
});

test("a snapshot asked for before a link broke, and answered after the next link's, changes nothing", async () => {
  const book = createOrderBook(async (id) => order(id), clock);
  const answers: ((orders: Order[]) => void)[] = [];
  const read = (): Promise<Order[]> => new Promise((resolve) => void answers.push(resolve));
  const [older, newer] = [book.load(read), book.load(read)];
  answers[1]?.([order("o1", "MAKING", 5)]);
  await newer;
  answers[0]?.([order("o1", "SUBMITTED", 1)]);
  await older;
  expect(book.orders.value.get("o1")?.orderState).toBe("MAKING");
});

test("a snapshot that fails leaves what was known", async () => {
  const book = createOrderBook(async (id) => order(id), clock);
  book.merge(order("o1"));
  await expect(book.load(() => Promise.reject(new Error("cut off")))).rejects.toThrow("cut off");
  expect(book.orders.value.size).toBe(1);
});
