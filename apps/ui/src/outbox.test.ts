import { expect, test, vi } from "vitest";
import { createManualClock } from "./manual-clock.ts";
import { type Action, createOutbox, type Outbox, type Outcome } from "./outbox.ts";
import { Problem } from "./problem.ts";
import type { Shelf } from "./storage.ts";
import { createTestShelf } from "./test-shelf.ts";

type Send = (action: Action) => Promise<unknown>;

interface Tab {
  readonly name: string;
  readonly watchers: Map<Shelf, () => void>;
  readonly user?: () => string;
}

function open(send: Send, kept = new Map<string, string>(), clock = createManualClock(0), tab?: Tab) {
  const settled: { key: string; outcome: Outcome }[] = [];
  let [keys, isClosed] = [0, false];
  const shelf = createTestShelf(kept, tab?.watchers);
  const outbox: Outbox<string> = createOutbox({
    shelf,
    clock: { ...clock, after: (ms, fn) => clock.after(ms, () => isClosed || fn()) },
    send,
    onSettled: ({ key }, outcome) => settled.push({ key, outcome }),
    newKey: () => `${tab?.name ?? "key"}-${++keys}`,
    random: () => 1,
    ...(tab?.user && { user: tab.user }),
  });
  const close = (): void => {
    isClosed = true;
    tab?.watchers.delete(shelf);
  };
  return { outbox, settled, clock, kept, close };
}

const busy = (): Problem => new Problem("unavailable", 503, "", 0);
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("B1. an action without an answer survives a reload, with its key", async () => {
  const keys: string[] = [];
  const { outbox, kept } = open(() => new Promise(() => {}));
  outbox.add("place", "o1", { drink: "Latte" });
  open(async ({ key, body }) => keys.push(`${key} ${body.drink}`), kept);
  await turn();
  expect(keys).toEqual(["key-1 Latte"]);
  expect(kept.size).toBe(0);
});

test("B2. is sent again with the same key, later each time, until it is answered", async () => {
  const send = vi.fn<Send>().mockRejectedValueOnce(new TypeError("cut off")).mockRejectedValueOnce(busy()).mockResolvedValue("ok");
  const { outbox, settled, clock } = open(send);
  outbox.add("place", "o1");
  await turn();
  clock.advance(1_999);
  expect(send).toHaveBeenCalledTimes(1);
  clock.advance(1);
  await turn();
  clock.advance(4_000);
  await turn();
  expect(send.mock.calls.map(([{ key }]) => key)).toEqual(["key-1", "key-1", "key-1"]);
  expect(settled).toEqual([{ key: "key-1", outcome: { ok: true, value: "ok" } }]);
});

test.each([
  { what: "that rests", restMs: 5_000, send: vi.fn<Send>() },
  { what: "that is to be sent again", restMs: 0, send: vi.fn<Send>().mockRejectedValueOnce(new TypeError("cut off")) },
])("B2. an action $what does not wait for a day because the device's clock was a day ahead", async ({ restMs, send }) => {
  const day = 86_400_000;
  const { outbox, kept, close } = open(send, new Map(), createManualClock(day));
  outbox.add("complete", "o1", {}, restMs);
  await turn();
  close();
  const late = vi.fn<Send>().mockResolvedValue("ok");
  const step = open(late, kept, createManualClock(day - 500));
  await turn();
  expect(late).not.toHaveBeenCalled();
  step.close();
  open(late, kept, createManualClock(0));
  await turn();
  expect(late.mock.calls.map(([{ key }]) => key)).toEqual(["key-1"]);
  expect(kept.size).toBe(0);
});

test("B2. waits as long as the server asks", async () => {
  const send = vi
    .fn<Send>()
    .mockRejectedValueOnce(new Problem("unavailable", 503, "", 20_000))
    .mockResolvedValue("ok");
  const { outbox, clock } = open(send);
  outbox.add("place", "o1");
  await turn();
  clock.advance(19_999);
  expect(send).toHaveBeenCalledTimes(1);
  clock.advance(1);
  expect(send).toHaveBeenCalledTimes(2);
});

test.each([
  { type: "shop-closed", status: 503 },
  { type: "no-drinks-left", status: 429 },
  { type: "code-expired", status: 410 },
  { type: "order-finished", status: 409 },
  { type: "wrong-order", status: 422 },
])("B3. $type settles it", async ({ type, status }) => {
  const { outbox, settled } = open(() => Promise.reject(new Problem(type, status, "")));
  outbox.add("spend", "code");
  await turn();
  expect(settled).toMatchObject([{ outcome: { ok: false } }]);
  expect(outbox.actions.value).toEqual([]);
});

test("B4. one lane goes in order, another does not wait for it", async () => {
  const sent: string[] = [];
  const { outbox, clock } = open(({ kind, lane }) => {
    sent.push(`${lane} ${kind}`);
    return sent.length === 1 ? Promise.reject(busy()) : Promise.resolve();
  });
  outbox.add("make", "o1");
  outbox.add("complete", "o1");
  outbox.add("make", "o2");
  await turn();
  expect(sent).toEqual(["o1 make", "o2 make"]);
  clock.advance(2_000);
  await turn();
  expect(sent).toEqual(["o1 make", "o2 make", "o1 make", "o1 complete"]);
});

test("B5. an action that rests can be taken back until it is sent", async () => {
  const send = vi.fn<Send>(() => new Promise(() => {}));
  const { outbox, clock } = open(send);
  const first = outbox.add("complete", "o1", {}, 5_000);
  clock.advance(4_999);
  expect(outbox.takeBack(first.key)).toBe(true);
  clock.advance(10_000);
  expect(send).not.toHaveBeenCalled();
  const second = outbox.add("complete", "o1", {}, 5_000);
  clock.advance(5_000);
  expect(outbox.takeBack(second.key)).toBe(false);
});

test("a network that is back hurries what waits, not what rests", async () => {
  const send = vi.fn<Send>().mockRejectedValueOnce(new TypeError("cut off")).mockResolvedValue("ok");
  const { outbox } = open(send);
  outbox.add("make", "o1");
  outbox.add("complete", "o2", {}, 5_000);
  await turn();
  outbox.hurry();
  await turn();
  expect(send.mock.calls.map(([{ lane }]) => lane)).toEqual(["o1", "o1"]);
});

test("B3. an end of the sign-in settles nothing: the action goes out after the next one", async () => {
  const send = vi
    .fn<Send>()
    .mockRejectedValueOnce(new Problem("NotAuthorizedException", 401, ""))
    .mockResolvedValue("ok");
  const { outbox, settled, clock } = open(send);
  outbox.add("complete", "o1");
  await turn();
  expect([settled.length, outbox.actions.value.length]).toEqual([0, 1]);
  outbox.hurry();
  clock.advance(0);
  await turn();
  expect(settled).toMatchObject([{ outcome: { ok: true } }]);
});

test("finish sends what rests, lane by lane, and says when nothing is left", async () => {
  const sent: string[] = [];
  const { outbox } = open(async ({ kind }) => sent.push(kind));
  outbox.add("complete", "o1", {}, 5_000);
  outbox.add("announce", "o1", {}, 5_000);
  expect(await outbox.finish()).toBe(true);
  expect(sent).toEqual(["complete", "announce"]);
  expect(await outbox.finish()).toBe(true);
});

test("finish says so where something could not be sent", async () => {
  const { outbox } = open(() => Promise.reject(new TypeError("cut off")));
  outbox.add("complete", "o1", {}, 5_000);
  expect(await outbox.finish()).toBe(false);
  expect(outbox.actions.value).toHaveLength(1);
});

test("an answer after sign-out settles nothing", async () => {
  let answer = (_: unknown): void => {};
  const { outbox, settled } = open(() => new Promise((resolve) => (answer = resolve)));
  outbox.add("place", "o1");
  outbox.clear();
  answer("ok");
  await turn();
  expect(settled).toEqual([]);
});

/** Two tabs of one device. */
function openTabs(send: Send, users: { first?: () => string; second?: () => string } = {}) {
  const [kept, watchers] = [new Map<string, string>(), new Map<Shelf, () => void>()];
  const clock = createManualClock(0);
  const tab = (name: string, user?: () => string) => open(send, kept, clock, { name, watchers, ...(user && { user }) });
  const onDisk = (): string[] => [...kept.values()].map((text) => (JSON.parse(text) as Action).lane);
  return { first: tab("first", users.first), second: tab("second", users.second), clock, onDisk };
}

test("B6. tabs keep each other's actions: none is overwritten, and finishing sends them all", async () => {
  const sent: string[] = [];
  const { first, second, clock, onDisk } = openTabs(async ({ key }) => sent.push(key));
  first.outbox.takeBack(first.outbox.add("complete", "o0", {}, 5_000).key);
  second.outbox.add("complete", "o1", {}, 5_000);
  first.outbox.add("complete", "o2", {}, 5_000);
  expect(onDisk()).toEqual(["o1", "o2"]);
  expect(second.outbox.actions.value.map(({ lane }) => lane)).toEqual(["o1", "o2"]);
  expect(await first.outbox.finish()).toBe(true);
  clock.advance(5_000);
  await turn();
  // Both may send: the key says that it is the same.
  expect([new Set(sent), onDisk(), second.outbox.actions.value]).toEqual([new Set(["second-1", "first-2"]), [], []]);
});

test("B6. a tab that was closed leaves its actions to the others", async () => {
  const sent: string[] = [];
  const { first, second, clock } = openTabs(async ({ key }) => sent.push(key));
  first.outbox.add("complete", "o1", {}, 5_000);
  first.close();
  clock.advance(5_000);
  await turn();
  expect([sent, second.outbox.actions.value]).toEqual([["first-1"], []]);
});

test("B6. what another tab has settled is not tried again after a failure, nor can it be taken back", async () => {
  let fail = (_: unknown): void => {};
  let tries = 0;
  const { first, second, onDisk } = openTabs(() => (tries++ === 0 ? new Promise((_, reject) => (fail = reject)) : Promise.resolve()));
  const { key } = first.outbox.add("complete", "o1");
  await second.outbox.finish();
  fail(busy());
  await turn();
  expect([first.outbox.actions.value, onDisk(), first.outbox.takeBack(key)]).toEqual([[], [], false]);
});

test("B7. what one user took is neither sent nor forgotten for another", async () => {
  const sent: string[] = [];
  const users = { first: "ann", second: "ann" };
  const { first, second, onDisk } = openTabs(async ({ key }) => Promise.reject(sent.push(key) && new TypeError("cut off")), {
    first: () => users.first,
    second: () => users.second,
  });
  users.first = "bob";
  first.outbox.add("place", "o1");
  await turn();
  // The second tab learns of it late.
  users.second = "bob";
  second.outbox.clear("ann");
  expect(onDisk()).toEqual(["o1"]);
  users.second = "cleo";
  second.outbox.hurry();
  expect(await second.outbox.finish()).toBe(true);
  expect([new Set(sent), onDisk(), second.outbox.actions.value]).toEqual([new Set(["first-1"]), ["o1"], []]);
});

test("B1. what a page of an earlier release kept goes on, in its order", async () => {
  const old = ["make", "complete"].map((kind, at) => ({ key: `old-${at}`, kind, lane: "o1", body: {}, notBeforeMs: 0, attempts: 0 }));
  const kept = new Map([["outbox", JSON.stringify(old)]]);
  const sent: string[] = [];
  open(async ({ key }) => sent.push(key), kept);
  await turn();
  expect([sent, kept.size]).toEqual([["old-0", "old-1"], 0]);
});
