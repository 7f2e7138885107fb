/**
 * `Idempotency-Key`: a call repeated after a lost answer is answered again, not done again.
 *
 * N1. A key belongs to its user and route. The answer of a call that succeeded is kept for a day and given again.
 * N2. The same key with another address or body is refused with 422.
 * N3. A repeat that arrives while the first call runs waits for its answer.
 * N4. A refusal changed nothing and is not kept: the repeat is looked at anew.
 */
import { createHash } from "node:crypto";
import { checkIdempotencyKey, type IdempotentCall, keyReused } from "@serverlesspresso/blueprint/edge/idempotent-call.ts";
import type { Clock, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { createTimers, type Timers } from "@serverlesspresso/timers";
import { kinds } from "../record-kinds.ts";

const keptMs = 86_400_000;

interface Kept {
  readonly request: string;
  readonly statusCode: number;
  readonly body: JsonValue;
}
interface Running {
  readonly request: string;
  readonly answer: Promise<RouteResponse>;
}

/** Keeps answers by `Idempotency-Key` (N1 to N4). `start` begins to forget those older than a day, `stop` ends that. */
export interface Idempotency {
  /** Performs the call, or returns the answer it had. @throws {Refusal} 400 for a malformed key, 422 for a key used for another request */
  once(call: IdempotentCall, perform: () => Promise<RouteResponse>): Promise<RouteResponse>;
  start(): void;
  stop(): void;
}

/** Returns the keeper of answers. Calls under way are known to this process alone; answers are durable. */
export function createIdempotency({
  store,
  clock,
  onError,
}: {
  store: Store;
  clock: Clock;
  onError: (error: unknown, what: string) => void;
}): Idempotency {
  const running = new Map<string, Running>();
  const timers: Timers = createTimers({
    store,
    clock,
    name: "idempotency",
    fire: (tx, id) => tx.delete(kinds.idempotency.key(id)),
    onError,
  });

  async function perform(id: string, request: string, act: () => Promise<RouteResponse>): Promise<RouteResponse> {
    const answer = await act();
    if (answer.statusCode >= 300) return answer;
    const kept: Kept = { request, statusCode: answer.statusCode, body: answer.body };
    await store.transact((tx) => {
      tx.put(kinds.idempotency.key(id), kept);
      timers.set(tx, clock.nowMs() + keptMs, id);
    });
    return answer;
  }

  return {
    async once(call, act) {
      checkIdempotencyKey(call.key);
      const id = hash([call.userId, call.route, call.key]);
      const request = hash(call.request);
      const earlier = running.get(id) ?? store.get<Kept>(kinds.idempotency.key(id));
      if (earlier !== undefined && earlier.request !== request) {
        throw keyReused();
      }
      if (earlier !== undefined) return "answer" in earlier ? earlier.answer : { statusCode: earlier.statusCode, body: earlier.body };
      const answer = perform(id, request, act);
      running.set(id, { request, answer });
      try {
        return await answer;
      } finally {
        running.delete(id);
      }
    },
    start: timers.start,
    stop: timers.stop,
  };
}

function hash(value: JsonValue): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}
