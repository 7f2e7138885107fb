/** The phones, in a process of their own: does one `Task` after another and answers each. */
import { connect } from "node:net";
import { setTimeout as passed } from "node:timers/promises";
import { type Done, instantMs, type Place, type Task } from "./messages.ts";
import { createPhone, type Phone } from "./phone.ts";

/** The phones are not patient: each stands for a client that knows no jitter. */
const againMs = 100;
const pingEveryMs = 15_000;
const longestMs = 60_000;

let phones: Phone[] = [];
let place: Place = { port: 0, truth: "" };
let received = 0;
let firstReceivedMs = 0;
let onAllReceived = (): void => {};

function onMessage(): void {
  received += 1;
  if (received === 1) firstReceivedMs = instantMs();
  if (received === phones.length) onAllReceived();
}

/** `work` for each phone, so many at a time; one that fails is tried again until it is done. */
async function forEach(atOnce: number, work: (phone: Phone) => Promise<void>): Promise<Done> {
  const refused: Record<string, number> = {};
  const givenUpMs = instantMs() + longestMs;
  let firstMs = Number.POSITIVE_INFINITY;
  let next = 0;
  async function once(phone: Phone): Promise<void> {
    for (;;) {
      try {
        await work(phone);
        firstMs = Math.min(firstMs, instantMs());
        return;
      } catch (error) {
        const reason = (error as Error).message;
        refused[reason] = (refused[reason] ?? 0) + 1;
        if (instantMs() > givenUpMs) throw new Error(`not done in ${longestMs / 1000} s: ${JSON.stringify(refused)}`);
        await passed(againMs);
      }
    }
  }
  async function worker(): Promise<void> {
    while (next < phones.length) await once(phones[next++] as Phone);
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, phones.length) }, worker));
  return { firstMs, lastMs: instantMs(), refused };
}

const nothing = (): Done => ({ firstMs: instantMs(), lastMs: instantMs(), refused: {} });

async function perform(task: Task): Promise<Done> {
  switch (task.do) {
    case "take":
      phones = task.logins.map((login) => createPhone(login, onMessage));
      return nothing();
    case "link":
      place = task.place;
      return forEach(task.atOnce, (phone) => phone.link(place));
    case "read":
      return forEach(task.atOnce, (phone) => phone.read(place));
    case "receive":
      received = 0;
      return new Promise((resolve) => {
        onAllReceived = () => resolve({ firstMs: firstReceivedMs, lastMs: instantMs(), refused: {} });
      });
    case "return":
      place = task.place;
      await listening(place.port);
      return forEach(phones.length, comeBack);
    case "leave":
      for (const phone of phones) phone.leave();
      return nothing();
  }
}

async function comeBack(phone: Phone): Promise<void> {
  await phone.link(place);
  await phone.read(place);
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("connect", () => socket.destroy()).on("error", () => resolve(false));
    });
    if (isOpen) return;
    await passed(5);
  }
}

setInterval(() => {
  for (const phone of phones) phone.ping();
}, pingEveryMs).unref();
process.on("message", (task: Task) => {
  // The phones listen before the message is sent.
  const done = perform(task);
  if (task.do === "receive") process.send?.({ ready: true });
  done.then(
    (result) => process.send?.(result),
    (error: Error) => process.send?.({ failed: error.message }),
  );
});
process.on("disconnect", () => process.exit(0));
