/**
 * ReceiveMessage with long polling.
 *
 * W1. It resolves as soon as there is something, or empty after `WaitTimeSeconds`, which is the queue's own where the request has no such member.
 * W2. A client that has gone, and the end of the process, end the wait. Neither takes a message along.
 * W3. Those who wait stand in line. A commit that brings messages hands them out, the first in line first, until there is no more: however many
 *     wait, a message costs one look and the last of them one that finds nothing.
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

/** A look at a queue: whether it has an answer is known at once, the answer once it is durable. */
interface Look {
  readonly isEmpty: boolean;
  readonly answer: Promise<JsonObject>;
}

/** A call that waits. */
interface Waiting {
  readonly request: JsonObject;
  /** Ends the wait with an answer, or with that of another look. */
  end(answer: JsonObject | Promise<JsonObject>): void;
}

/** Those who wait at one queue, the first first. */
interface Line {
  readonly waiting: Set<Waiting>;
  readonly leave: () => void;
}

/** Returns ReceiveMessage with long polling. */
export function createLongPoll({ store, clock, availability, verbs, receive, stopped }: LongPollingOptions): LongPoll {
  const lines = new Map<string, Line>();
  const called = new Set<string>();

  function look(name: string, request: JsonObject): Look {
    let isEmpty = false;
    const answer = store.transact((tx) => {
      const found = receive(tx, request);
      isEmpty = !("Messages" in found);
      if (isEmpty) verbs.awaitNext(tx, name);
      return found;
    });
    return { isEmpty, answer };
  }

  /** @param looked the look that found nothing, and shall not fail unseen */
  function wait(name: string, request: JsonObject, looked: Look, deadlineMs: number, signal: AbortSignal): Promise<JsonObject> {
    const { promise, resolve } = Promise.withResolvers<JsonObject>();
    const { waiting } = lineOf(name);
    const one: Waiting = {
      request,
      end(answer) {
        disarm();
        for (const gone of [signal, stopped]) gone.removeEventListener("abort", leave);
        waiting.delete(one);
        if (waiting.size === 0) close(name);
        resolve(answer);
      },
    };
    const leave = (): void => one.end({});
    // What becomes visible in that very moment is still handed out.
    const disarm = clock.at(deadlineMs, () => one.end(look(name, request).answer));
    for (const gone of [signal, stopped]) gone.addEventListener("abort", leave);
    waiting.add(one);
    looked.answer.catch(() => one.end(looked.answer));
    return promise;
  }

  function lineOf(name: string): Line {
    const known = lines.get(name);
    if (known !== undefined) return known;
    const line: Line = { waiting: new Set(), leave: availability.subscribe(name, () => call(name)) };
    lines.set(name, line);
    return line;
  }

  function close(name: string): void {
    lines.get(name)?.leave();
    lines.delete(name);
  }

  /** One flush brings many messages, and calls for each. */
  function call(name: string): void {
    if (called.has(name)) return;
    called.add(name);
    queueMicrotask(() => {
      called.delete(name);
      serve(name);
    });
  }

  /** W3. */
  function serve(name: string): void {
    for (const one of lines.get(name)?.waiting ?? []) {
      const { isEmpty, answer } = look(name, one.request);
      if (!isEmpty) one.end(answer);
      else {
        answer.catch(() => one.end(answer));
        return;
      }
    }
  }

  return async (request, { queueName: name, waitSeconds }, signal) => {
    const seconds = waitSeconds ?? numberOf(getConfig(store, name), "ReceiveMessageWaitTimeSeconds");
    const deadlineMs = clock.nowMs() + seconds * 1000;
    const looked = look(name, request);
    if (!looked.isEmpty || seconds === 0 || signal.aborted || stopped.aborted) return looked.answer;
    return wait(name, request, looked, deadlineMs, signal);
  };
}
