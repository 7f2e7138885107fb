/**
 * `Idempotency-Key`: a call repeated after a lost answer is answered again, not done again. One implementation for every platform, over its tables.
 *
 * N1. A key belongs to its user and route. The answer of a call that succeeded is kept for a day and given again.
 * N2. The same key with another address or body is refused with 422.
 * N3. A repeat that arrives while the first call runs waits for its answer: in the same process for the call itself, in another by looking
 *     at the table again. A repeat whose own process ends first is refused with 503.
 * N4. A refusal or a failure changed nothing and is not kept: the repeat, also one that waited, is looked at anew.
 * N5. Where processes share the table, a call claims its key in it first. A claim ends with the time of its process, so that a crash
 *     between claim and answer blocks the key no longer than that.
 */
import { createHash } from "node:crypto";
import type { Clock, Ids, JsonValue, RouteResponse, Tables } from "@serverlesspresso/ports";
import { checkIdempotencyKey, type IdempotentCall, keyReused } from "./idempotent-call.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import { tookTooLong } from "./refusal.ts";

/** What keeps answers by `Idempotency-Key` needs. */
export interface IdempotencyOptions {
  readonly tables: Tables;
  /** The platform's own table. */
  readonly tableName: string;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "uuid">;
}

/** Keeps answers by `Idempotency-Key` (N1 to N5). */
export interface Idempotency {
  /**
   * Performs the call, or returns the answer it had.
   * @param endsAtMs when this process may be ended, where others share its table; left out where it is the only one
   * @throws {Refusal} 400 for a malformed key, 422 for a key used for another request, 503 where the first call takes too long
   */
  once(call: IdempotentCall, perform: () => Promise<RouteResponse>, endsAtMs?: number): Promise<RouteResponse>;
}

/** What came of a key: the answer, of which request, and whether it is kept. */
interface Outcome {
  readonly request: string;
  readonly answer: RouteResponse;
  readonly isKept: boolean;
}
interface Attempt {
  readonly id: string;
  readonly request: string;
  readonly perform: () => Promise<RouteResponse>;
  readonly endsAtMs: number | undefined;
}

/** How often a call that another process performs is looked at again. */
const lookAgainMs = 100;
/** What a process needs to answer after it has waited. */
const spareMs = 1_000;

/** Returns the keeper of answers. */
export function createIdempotency({ tables, tableName, clock, ids }: IdempotencyOptions): Idempotency {
  const kept = createKeptAnswers({ tables, tableName, clock });
  const running = new Map<string, Promise<Outcome>>();

  /** Nothing may be awaited between the look into `running` and this. */
  function begin(attempt: Attempt): Promise<Outcome> {
    const outcome = findOrPerform(attempt).finally(() => running.delete(attempt.id));
    running.set(attempt.id, outcome);
    return outcome;
  }

  async function findOrPerform(attempt: Attempt): Promise<Outcome> {
    const { id, endsAtMs } = attempt;
    const claim = endsAtMs === undefined ? undefined : { holder: ids.uuid(), endsAtMs };
    for (;;) {
      const earlier = await (claim === undefined ? kept.find(id) : kept.claim(id, claim));
      if (earlier === undefined) return perform(attempt, claim?.holder);
      if (earlier.state === "answered") return { ...earlier, isKept: true };
      await lookAgain(endsAtMs);
    }
  }

  /** N4. */
  async function perform({ id, request, perform }: Attempt, holder: string | undefined): Promise<Outcome> {
    let isKept = false;
    try {
      const answer = await perform();
      if (answer.statusCode >= 300) return { request, answer, isKept };
      isKept = true;
      await kept.keep(id, { request, answer }, holder);
      return { request, answer, isKept };
    } finally {
      if (!isKept && holder !== undefined) await kept.release(id, holder);
    }
  }

  /** N3, between processes. */
  async function lookAgain(endsAtMs: number | undefined): Promise<void> {
    if (endsAtMs !== undefined && clock.nowMs() + lookAgainMs + spareMs > endsAtMs) throw tookTooLong();
    await new Promise<void>((resolve) => void clock.at(clock.nowMs() + lookAgainMs, resolve));
  }

  /** N3, within the process: resolves with what is kept, and with undefined where the call is to be looked at anew. */
  function waitFor(call: Promise<Outcome>, endsAtMs: number | undefined): Promise<Outcome | undefined> {
    const outcome = call.then(
      (one) => (one.isKept ? one : undefined),
      () => undefined,
    );
    if (endsAtMs === undefined) return outcome;
    return new Promise((resolve, reject) => {
      const stop = clock.at(endsAtMs - spareMs, () => reject(tookTooLong()));
      void outcome.then(resolve).finally(stop);
    });
  }

  return {
    async once({ key, userId, route, request }, perform, endsAtMs) {
      checkIdempotencyKey(key);
      const attempt: Attempt = { id: hashOf([userId, route, key]), request: hashOf(request), perform, endsAtMs };
      for (;;) {
        const earlier = running.get(attempt.id);
        const outcome = await (earlier === undefined ? begin(attempt) : waitFor(earlier, endsAtMs));
        if (outcome === undefined) continue;
        if (outcome.request !== attempt.request) throw keyReused();
        return outcome.answer;
      }
    },
  };
}

function hashOf(value: JsonValue): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
