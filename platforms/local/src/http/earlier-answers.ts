/**
 * What earlier releases kept as answers under an `Idempotency-Key`, as records of the store. They are read for their day, and go with their
 * timers; nothing is written. Moving them into the table would need the time each still has, which only its timer knows.
 */
import { createHash } from "node:crypto";
import type { Idempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { keyReused } from "@serverlesspresso/blueprint/edge/idempotent-call.ts";
import type { Clock, JsonValue } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { createTimers } from "@serverlesspresso/timers";
import { kinds } from "../record-kinds.ts";

interface Kept {
  readonly request: string;
  readonly statusCode: number;
  readonly body: JsonValue;
}

/** What the earlier answers need. */
export interface EarlierAnswersOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly onError: (error: unknown, what: string) => void;
}

/** Returns `idempotency` with the earlier answers before it. `start` begins to forget those older than a day, `stop` ends that. */
export function withEarlierAnswers(idempotency: Idempotency, { store, clock, onError }: EarlierAnswersOptions) {
  const fire = (tx: Parameters<Parameters<Store["transact"]>[0]>[0], id: string): void => tx.delete(kinds.idempotency.key(id));
  const { start, stop } = createTimers({ store, clock, name: "idempotency", fire, onError });
  const once: Idempotency["once"] = async (call, perform, endsAtMs) => {
    const earlier = store.get<Kept>(kinds.idempotency.key(hashOf([call.userId, call.route, call.key])));
    if (earlier === undefined) return idempotency.once(call, perform, endsAtMs);
    if (earlier.request !== hashOf(call.request)) throw keyReused();
    return { statusCode: earlier.statusCode, body: earlier.body };
  };
  return { once, start, stop };
}

/** As those releases had it. */
function hashOf(value: JsonValue): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}
