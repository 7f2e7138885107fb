/** RELIABILITY 39. Texts made to make a pattern backtrack: each is answered, where a pattern that backtracks twice over would take hours. */
import { createIds, createManualClock } from "@serverlesspresso/clock";
import { type EventPattern, matchesPattern, parsePattern } from "@serverlesspresso/event-patterns";
import { createQueues } from "@serverlesspresso/queues";
import { openStore } from "@serverlesspresso/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/server.ts";

const long = 200_000;
/** Patterns, and events: 10,000 each, which take minutes, with `MATCHES=10000`. */
const matches = Number(process.env.MATCHES ?? 300);

test("RELIABILITY 39: a number of a queue's message that is none", async () => {
  const folder = temporaryFolder();
  const store = await openStore({ folder: folder.path, onFailure: (error) => expect.fail(error.message) });
  const clock = createManualClock();
  const queues = createQueues({
    store,
    clock,
    ids: createIds(clock),
    account: "1",
    region: "r",
    onError: (error) => expect.fail(String(error)),
  });
  await store.transact((tx) => queues.execute(tx, "CreateQueue", { QueueName: "q" }));
  const send = (StringValue: string) =>
    store.transact((tx) =>
      queues.execute(tx, "SendMessage", {
        QueueUrl: "http://localhost/1/q",
        MessageBody: "b",
        MessageAttributes: { n: { DataType: "Number", StringValue } },
      }),
    );
  for (const text of ["1".repeat(long), `${"1".repeat(long)}.`, "1".repeat(long) + "e"])
    await expect(send(`${text}x`)).rejects.toThrow(/Can't cast the value/);
  await store.close();
  folder.remove();
});

test.each([
  { name: "wildcards", test: { wildcard: "*a*b*a*b*a*b*c" }, value: "ab".repeat(long / 2) },
  { name: "a wildcard left out", test: { "anything-but": { wildcard: "*a*a*a*a*a*x" } }, value: "a".repeat(long) },
  { name: "an address", test: { cidr: "2001:db8::/32" }, value: `${":".repeat(long)}x` },
  { name: "a prefix without case", test: { prefix: { "equals-ignore-case": "aaaa" } }, value: "A".repeat(long) },
])("RELIABILITY 39: $name against a value made for it", ({ test: content, value }) => {
  const pattern = parsePattern(JSON.stringify({ detail: { v: [content] } }));
  expect(typeof matchesPattern(pattern, { detail: { v: value } })).toBe("boolean");
});

/** What this thread has worked so far. The sum alone is exact: how it divides is estimated by the system. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The least time of some rounds, in milliseconds of this thread's work: what the machine does beside it only adds. */
function leastMs(rounds: number, work: () => void): number {
  return Math.min(
    ...Array.from({ length: rounds }, () => {
      const fromMs = threadMs();
      work();
      return threadMs() - fromMs;
    }),
  );
}

/** The one of `all` whose work takes longest. */
function slowest<T>(all: readonly T[], msOf: (one: T) => number): { readonly one: T; readonly ms: number } {
  return all.map((one) => ({ one, ms: msOf(one) })).reduce((most, other) => (other.ms > most.ms ? other : most));
}

/** The slowest event of the slowest pattern. A pattern is measured over all events at once: one match is shorter than the clock's step. */
function slowestMatch(
  patterns: readonly EventPattern[],
  events: readonly string[],
  matches: (pattern: EventPattern, v: string) => unknown = (pattern, v) => matchesPattern(pattern, { detail: { v } }),
): { readonly pattern: EventPattern; readonly event: string; readonly ms: number } {
  const ofAll = slowest(patterns, (pattern) => leastMs(3, () => events.forEach((v) => void matches(pattern, v))));
  const ofOne = slowest(events, (v) => leastMs(5, () => void matches(ofAll.one, v)));
  return { pattern: ofAll.one, event: ofOne.one, ms: ofOne.ms };
}

test("RELIABILITY 39: generated patterns match generated events within a millisecond each", () => {
  const text = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom("a", "b", "*", ".", ":") });
  const content = fc.oneof(
    text,
    text.map((prefix) => ({ prefix })),
    text.map((suffix) => ({ suffix })),
    text.map((wildcard) => ({ wildcard: wildcard.replace(/\*+/g, "*") })),
    text.map((value) => ({ "anything-but": value })),
    fc.constant({ exists: false }),
  );
  const patterns = fc
    .sample(fc.array(content, { minLength: 1, maxLength: 4 }), { numRuns: matches, seed: 39 })
    .map((contents) => parsePattern(JSON.stringify({ detail: { v: contents } })));
  const events = fc.sample(fc.string({ maxLength: 200, unit: fc.constantFrom("a", "b", ".", ":") }), { numRuns: matches, seed: 39 });
  expect(slowestMatch(patterns, events).ms).toBeLessThan(1);
}, 3_600_000);

test("RELIABILITY 39: one event that takes one pattern longer than a millisecond is found among many that do not", () => {
  const [patterns, events] = [["a", "b", "c"].map((v) => parsePattern(JSON.stringify({ detail: { v: [v] } }))), ["d", "e", "f"]];
  const work = (pattern: EventPattern, v: string): void => {
    const fromMs = threadMs();
    while (pattern === patterns[1] && v === "e" && threadMs() < fromMs + 2);
  };
  expect(slowestMatch(patterns, events, work)).toEqual({ pattern: patterns[1], event: "e", ms: expect.toSatisfy((ms: number) => ms >= 1) });
});
