/**
 * Faults that a programmer could make, planted one at a time into a copy of the source as it is loaded, and the suite that must catch each.
 *
 * Q1. A plant replaces text that stands in its file exactly once; where it does not, planting fails, so that the list stays true.
 * Q2. The suite passes without the plant: it is part of every test run.
 */

/** One place that a plant changes. */
interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}
export interface Plant {
  readonly fault: string;
  readonly edits: readonly Edit[];
  /** The test file that must fail. */
  readonly suite: string;
  /** Which of its tests, as a regular expression; all where left out. */
  readonly tests?: string;
}

const store = "packages/store/src/store.ts";
const timers = "packages/timers/src/timers.ts";
const deliveries = "packages/event-bus/src/deliveries.ts";

export const plants: readonly Plant[] = [
  {
    fault: "acknowledged before the flush",
    edits: [
      {
        file: store,
        find: "    return new Promise((resolve, reject) => {\n      waiters.push(",
        put: "    schedule();\n    if (hooks.length === 0) return Promise.resolve();\n    return new Promise((resolve, reject) => {\n      waiters.push(",
      },
    ],
    suite: "packages/store/src/durability.test.ts",
    tests: "kill -9",
  },
  {
    fault: "half a batch committed before the other half",
    edits: [
      {
        file: store,
        find: "if (batch.size > 0) await writeBatch(batch);",
        put: `const halves = [new Overlay(), new Overlay()];
        let at = 0;
        batch.forEach((key, text) => halves[at++ % 2].set(key, text));
        for (const half of halves) await writeBatch(half).then(() => new Promise((resolve) => setTimeout(resolve, 3)));`,
      },
    ],
    suite: "packages/store/src/durability.test.ts",
    tests: "kill -9",
  },
  {
    fault: "no fsync",
    edits: [{ file: "packages/store/src/database.ts", find: "overlappingSync: false,", put: "overlappingSync: false, noSync: true," }],
    suite: "test/power-cut/power-cut.test.ts",
  },
  {
    fault: "checksums not verified",
    edits: [
      {
        file: "packages/store/src/database.ts",
        find: "buffer.readUInt32LE(0) === crc32(bodyIn(buffer), crc32(key))",
        put: "buffer.readUInt32LE(0) >= 0",
      },
    ],
    suite: "packages/store/src/durability.test.ts",
    tests: "one bit of a value",
  },
  {
    fault: "timers found at start not armed",
    edits: [{ file: timers, find: "if (next !== undefined) arm(next.atMs);", put: "" }],
    suite: "packages/timers/src/timers.test.ts",
  },
  {
    fault: "timers 900 ms early",
    edits: [
      { file: timers, find: "disarm = clock.at(atMs, ", put: "disarm = clock.at(atMs - 900, " },
      { file: timers, find: "if (entry.atMs > nowMs) return entry.atMs;", put: "if (entry.atMs > nowMs + 900) return entry.atMs;" },
    ],
    suite: "packages/timers/src/timers.test.ts",
  },
  {
    fault: "a batch of timers given up for one that fails",
    edits: [{ file: timers, find: "else batchSize = Math.floor(batchSize / 2);", put: "else return onError(error, name);" }],
    suite: "packages/timers/src/timers.test.ts",
    tests: "T5",
  },
  {
    fault: "the shop's time not kept with what is stored",
    edits: [{ file: "platforms/local/src/shop-clock.ts", find: "store.stampWith(key, clock.nowMs);", put: "" }],
    suite: "platforms/local/src/shop-clock.test.ts",
    tests: "C2",
  },
  {
    fault: "undelivered events not taken up at start",
    edits: [{ file: deliveries, find: "for (const delivery of readDeliveries(store)) lanes.add(delivery);", put: "" }],
    suite: "packages/event-bus/src/delivery-law.test.ts",
  },
  {
    fault: "targets called at most once",
    edits: [
      {
        file: deliveries,
        find: "      await invoker.deliver(target, input, envelope);\n      settle({ delivery, target, event });",
        put: "      settle({ delivery, target, event });\n      await settling;\n      await invoker.deliver(target, input, envelope);",
      },
    ],
    suite: "packages/event-bus/src/delivery-law.test.ts",
  },
  {
    fault: "every delivery made twice",
    edits: [
      {
        file: deliveries,
        find: "        invoker.deliver(tx, target, input, envelope);\n        tellDelivered(",
        put: "        for (let n = 0; n < 2; n++) invoker.deliver(tx, target, input, envelope);\n        tellDelivered(",
      },
      {
        file: deliveries,
        find: "tx.savepoint(() => invoker.deliver(tx, target, input, envelope));",
        put: "tx.savepoint(() => { for (let n = 0; n < 2; n++) invoker.deliver(tx, target, input, envelope); });",
      },
    ],
    suite: "packages/event-bus/src/delivery-law.test.ts",
  },
  {
    fault: "a consumer that deletes first",
    edits: [
      {
        file: "packages/queues/src/queue-consumer.ts",
        find: "const failed = await handleBatch(messages);",
        put: `const failed = new Set();
    setTimeout(() => void handleBatch(messages), 0);`,
      },
    ],
    suite: "packages/queues/src/queues.test.ts",
    tests: "O2",
  },
  {
    fault: "stream records left over from the last run not delivered",
    edits: [{ file: "platforms/local/src/stream-delivery.ts", find: "for (const lane of lanes) wake(lane);", put: "" }],
    suite: "platforms/local/src/stream-delivery.test.ts",
  },
  {
    fault: "a number drawn apart from its transition",
    edits: [
      {
        file: "packages/workflow/src/perform.ts",
        find: `integration?.kind === "transactional") performInside(`,
        put: `integration?.kind === "transactional" && resource.pattern !== "requestResponse") performInside(`,
      },
      {
        file: "packages/workflow/src/call-outside.ts",
        find: `if (integration?.kind === "external") {`,
        put: `if (integration?.kind === "transactional")
        return engine.store.transact((tx) => integration.call(tx, parameters as JsonObject, callOf(engine, liveOf(id, record, false), action)));
      if (integration?.kind === "external") {`,
      },
    ],
    suite: "packages/workflow/src/crash.test.ts",
  },
  {
    fault: "a refund skipped",
    edits: [
      {
        file: "services/order-processor/close-order.ts",
        find: "isOwedToken(order) && attempt < refundAttempts ?",
        put: "isOwedToken(order) && attempt < 0 ?",
      },
    ],
    suite: "services/journey.test.ts",
    tests: "the guest: closed after 5 minutes",
  },
  {
    fault: "metrics that count a repeated event again",
    edits: [
      {
        file: "services/metrics/metrics-dynamodb.ts",
        find: `conditionExpression: "attribute_not_exists(PK)",`,
        put: "",
      },
    ],
    suite: "services/metrics/metrics.test.ts",
  },
];
