/**
 * ReceiveMessage with long polling.
 *
 * W1. It resolves as soon as there is something, or empty after `WaitTimeSeconds`, which is the queue's own where the request has no such member.
 * W2. A client that has gone, and the end of the process, end the wait.
 */
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import type { Availability } from "./availability.ts";
import { getConfig, numberOf } from "./queue-config.ts";
import type { QueueVerbs } from "./queue-verbs.ts";

/** What long polling needs. */
export interface LongPollingOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly availability: Availability;
  readonly verbs: Pick<QueueVerbs, "awaitNext">;
  /** ReceiveMessage without waiting. */
  readonly receive: (tx: Transaction, request: JsonObject) => JsonObject;
  /** Ends every wait. */
  readonly stopped: AbortSignal;
}

/** What a call waits for: a message of this queue; the queue's own time where it has no `waitSeconds`. */
export interface Awaited {
  readonly queueName: string;
  readonly waitSeconds: number | undefined;
}

/** Resolves with the answer to `request` of ReceiveMessage (W1, W2). Rejects with {QueueError}. */
export type LongPoll = (request: JsonObject, awaited: Awaited, signal: AbortSignal) => Promise<JsonObject>;

/** Returns ReceiveMessage with long polling. */
export function createLongPoll({ store, clock, availability, verbs, receive, stopped }: LongPollingOptions): LongPoll {
  function waitFor(name: string, deadlineMs: number, signal: AbortSignal): { readonly done: Promise<void>; end(): void } {
    let end = (): void => {};
    const done = new Promise<void>((resolve) => {
      const unsubscribe = availability.subscribe(name, () => end());
      const disarm = clock.at(deadlineMs, () => end());
      const abort = (): void => end();
      signal.addEventListener("abort", abort, { once: true });
      end = () => {
        unsubscribe();
        disarm();
        signal.removeEventListener("abort", abort);
        resolve();
      };
    });
    return { done, end: () => end() };
  }

  return async (request, { queueName: name, waitSeconds }, signal) => {
    const seconds = waitSeconds ?? numberOf(getConfig(store, name), "ReceiveMessageWaitTimeSeconds");
    const deadlineMs = clock.nowMs() + seconds * 1000;
    const ends = AbortSignal.any([signal, stopped]);
    for (;;) {
      // Subscribed before looking, so that what comes in between is not missed.
      const waiting = waitFor(name, deadlineMs, ends);
      const answer = await store
        .transact((tx) => receive(tx, request))
        .catch((error: unknown) => {
          waiting.end();
          throw error;
        });
      if ("Messages" in answer || clock.nowMs() >= deadlineMs || ends.aborted) {
        waiting.end();
        return answer;
      }
      verbs.awaitNext(store, name);
      await waiting.done;
    }
  };
}
