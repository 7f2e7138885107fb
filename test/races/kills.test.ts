/**
 * X12 and X14 with a real kill: the process dies within the very step (a drink being submitted, an order being completed), at another
 * moment each round. After the start the step has happened whole or not at all, and repeating the call finishes it.
 */
import { expect, onTestFinished, test } from "vitest";
import { type OrderView, type Person, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { freePort, type Server, startServer, temporaryFolder } from "../support/server.ts";

/** Each of the twelve moments twice; on demand more. */
const rounds = Number(process.env.RACE_ROUNDS ?? 24);
const latte = { drink: "Latte", modifiers: ["Oat"] };

/** How long a step took without a kill, on this machine just now. */
let stepMs = 10;

interface Step {
  readonly who: Person;
  readonly orderId: string;
  readonly action: string;
  readonly body: object;
}

test(`X12, X14: ${rounds} kills within a step leave it done whole or not at all`, { timeout: rounds * 20_000 }, async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  const start = (): Promise<Server> => startServer({ dataFolder: folder.path, port });
  let server = await start();
  // Also where an expectation fails half way.
  onTestFinished(async () => {
    await server.kill();
    folder.remove();
  });
  let unfinished: Step[] = [];
  let [acknowledged, cutOff] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const admin = await signInAdmin(server.url);
    if (round === 0) await admin.call("PUT", "/config", { drinksPerBarcode: 500 });
    for (const step of unfinished) await expectRepeatable(step, admin);
    unfinished = [await madeOrder(server, admin), await createdOrder(server, admin)];
    const answers = unfinished.map(({ who, orderId, action, body }) =>
      who.act(orderId, action, body).then(
        ({ status }) => status,
        () => undefined,
      ),
    );
    await pause(((round % 12) / 8) * stepMs);
    await server.kill();
    for (const status of await Promise.all(answers)) status === undefined ? cutOff++ : acknowledged++;
    server = await start();
  }
  const admin = await signInAdmin(server.url);
  for (const step of unfinished) await expectRepeatable(step, admin);
  const numbers = await numbersShown(admin);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(numbers).toHaveLength(2 * rounds);
  // Kills at every moment: some calls were answered in time, some were not.
  if (rounds >= 12) expect(Math.min(acknowledged, cutOff)).toBeGreaterThan(0);
});

/** The call again: it finishes the step, or says that it was finished; then the order is where the step leads. */
async function expectRepeatable({ who, orderId, action, body }: Step, admin: Person): Promise<void> {
  const before = await admin.order(orderId);
  const done = action === "complete" ? "COMPLETED" : "SUBMITTED";
  expect([done, action === "complete" ? "MAKING" : "CREATED"]).toContain(before.orderState);
  // The token from before the kill is still good.
  const { status } = await who.act(orderId, action, body);
  expect({ orderId, action, before: before.orderState, status }).toEqual({ orderId, action, before: before.orderState, status: 200 });
  expect((await admin.order(orderId)).orderState).toBe(done);
  if (action === "placeOrder") expect((await cancelled(orderId, admin)).orderState).toBe("CANCELLED");
}

/** The number is stored a moment after the drink. */
async function cancelled(orderId: string, admin: Person): Promise<OrderView> {
  await admin.act(orderId, "cancel", { reason: "the test is over" });
  return admin.order(orderId);
}

async function createdOrder({ url }: Server, admin: Person): Promise<Step> {
  const who = await signInGuest(url, "Kill Test Guest");
  const { code } = (await admin.call<Window>("GET", "/qr-code")).body;
  const { status, body } = await who.scan(code);
  expect(status).toBe(201);
  // The bar holds 20 orders; the token must be there, or the call would wait for it instead of doing its step.
  await pause(30);
  return { who, orderId: body.orderId, action: "placeOrder", body: latte };
}

async function madeOrder(server: Server, admin: Person): Promise<Step> {
  const { who, orderId } = await createdOrder(server, admin);
  const from = performance.now();
  expect((await who.act(orderId, "placeOrder", latte)).status).toBe(200);
  stepMs = performance.now() - from;
  expect((await admin.act(orderId, "make")).status).toBe(200);
  return { who: admin, orderId, action: "complete", body: {} };
}

async function numbersShown(admin: Person): Promise<number[]> {
  const numbers: number[] = [];
  let next: string | null | undefined = "";
  while (next !== undefined && next !== null) {
    const page: { orders: OrderView[]; next?: string | null } = (
      await admin.call<{ orders: OrderView[]; next?: string | null }>(
        "GET",
        `/orders?maxItems=100${next === "" ? "" : `&next=${encodeURIComponent(next)}`}`,
      )
    ).body;
    numbers.push(...page.orders.flatMap(({ orderNumber }) => (orderNumber === undefined || orderNumber === null ? [] : [orderNumber])));
    next = page.next;
  }
  return numbers.sort((a, b) => a - b);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
