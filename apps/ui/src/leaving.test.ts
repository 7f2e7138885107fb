import { expect, test, vi } from "vitest";
import { createLeaving } from "./leaving.ts";
import { createManualClock } from "./manual-clock.ts";
import { createOutbox } from "./outbox.ts";
import { createTestShelf } from "./test-shelf.ts";

function open(send: () => Promise<unknown>) {
  const session = { signOut: vi.fn(async () => {}), signOutEverywhere: vi.fn(async () => {}) };
  const leaving = createLeaving(session);
  let keys = 0;
  const outbox = createOutbox<string>({
    shelf: createTestShelf(new Map()),
    clock: createManualClock(0),
    send,
    onSettled: () => {},
    newKey: () => `key-${++keys}`,
    random: () => 1,
  });
  leaving.guard(outbox);
  return { leaving, outbox, session };
}

test("L1. what can still be taken back is sent first", async () => {
  const order: string[] = [];
  const { leaving, outbox, session } = open(async () => order.push("sent"));
  session.signOut.mockImplementation(async () => void order.push("signed out"));
  outbox.add("complete", "o1", {}, 5_000);
  await leaving.leave("here");
  expect(order).toEqual(["sent", "signed out"]);
  expect([leaving.stage.value, session.signOutEverywhere.mock.calls.length]).toEqual([undefined, 0]);
});

test("L2. what cannot be sent holds the sign-out up, until the user drops it", async () => {
  const send = vi.fn(() => Promise.reject(new TypeError("cut off")));
  const { leaving, outbox, session } = open(send);
  outbox.add("complete", "o1", {}, 5_000);
  await leaving.leave("everywhere");
  expect([leaving.stage.value, leaving.waiting()]).toEqual(["stuck", 1]);
  leaving.stay();
  await leaving.leave("here");
  expect([leaving.stage.value, send.mock.calls.length, session.signOut.mock.calls.length]).toEqual(["stuck", 2, 0]);
  await leaving.drop();
  expect([leaving.stage.value, outbox.actions.value.length, session.signOut.mock.calls.length]).toEqual([undefined, 0, 1]);
});

test("L2. what is sent after all lets the user out as asked for", async () => {
  const { leaving, outbox, session } = open(vi.fn().mockRejectedValueOnce(new TypeError("cut off")).mockResolvedValue("ok"));
  outbox.add("complete", "o1");
  await leaving.leave("here");
  expect(leaving.stage.value).toBe("stuck");
  expect(await outbox.finish()).toBe(true);
  expect([leaving.stage.value, session.signOut.mock.calls.length]).toEqual([undefined, 1]);
});

test("who decides to stay while it is being sent is not signed out by the answer", async () => {
  let answer = (_: unknown): void => {};
  const { leaving, outbox, session } = open(() => new Promise((resolve) => (answer = resolve)));
  outbox.add("complete", "o1");
  const left = leaving.leave("here");
  expect(leaving.stage.value).toBe("sending");
  leaving.stay();
  answer("ok");
  await left;
  expect(session.signOut).not.toHaveBeenCalled();
});
