import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IdempotentCall } from "@serverlesspresso/blueprint/edge/idempotent-call.ts";
import { createManualClock } from "@serverlesspresso/clock";
import { openStore } from "@serverlesspresso/store";
import { createTimers } from "@serverlesspresso/timers";
import { expect, test } from "vitest";
import { kinds } from "../record-kinds.ts";
import { withEarlierAnswers } from "./earlier-answers.ts";

const call: IdempotentCall = { key: "k", userId: "ada", route: "PUT /store", request: ["/store", "", {}] };
const hashOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("base64url");
const now = { statusCode: 200, body: "now" };

test("an answer that an earlier release kept is given until its day is over, and goes with its timer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "earlier-answers-"));
  const store = await openStore({ folder, onFailure: () => {} });
  const clock = createManualClock();
  clock.settleWith(() => store.flush());
  const options = { store, clock, onError: (error: unknown) => expect.unreachable(String(error)) };
  const id = hashOf(["ada", "PUT /store", "k"]);
  const earlier = createTimers({ ...options, name: "idempotency", fire: () => {} });
  await store.transact((tx) => {
    tx.put(kinds.idempotency.key(id), { request: hashOf(call.request), statusCode: 201, body: "then" });
    earlier.set(tx, clock.nowMs() + 1_000, id);
  });
  const { once, start, stop } = withEarlierAnswers({ once: async (_, perform) => perform() }, options);
  start();
  const ask = (one = call) => once(one, async () => now);

  expect(await ask()).toEqual({ statusCode: 201, body: "then" });
  await expect(ask({ ...call, request: [] })).rejects.toMatchObject({ problem: { status: 422 } });
  expect(await ask({ ...call, key: "other" })).toEqual(now);
  await clock.advance(1_000);
  expect(await ask()).toEqual(now);
  expect([store.get(kinds.idempotency.key(id)), earlier.count()]).toEqual([undefined, 0]);
  stop();
  await store.close();
  rmSync(folder, { recursive: true });
});
