/**
 * JSONata, in the process where its cost is bounded and in threads otherwise.
 *
 * V1. Nothing waits for a thread but a promise. What is evaluated in this process is bounded (`jsonata/bounded.ts`), and all of one turn of the loop
 *     together (`jsonata/queries.ts`), whatever the expressions do.
 * V2. An evaluation that takes more than `deadlineMs` of its thread's processor time is ended with its thread and gives an error. The start of a thread and
 *     other load of the machine do not count; but an evaluation that takes ten times as long in real time is ended all the same.
 * V3. Results are JSON; a result that is not (a function) is an error.
 * V4. A thread that uses more than `mostHeapBytes` is ended and its evaluation gives an error; a thread that dies is replaced. The process goes on.
 * V5. A regular expression runs in time linear in its text if V8's linear engine accepts it, and otherwise under V2's deadline.
 * V6. Slow evaluations do not hold up quick ones: an evaluation past `quickMs` of its thread's processor time leaves its place among the `threads` for quick
 *     ones. It continues in one of as many places for slow ones; if all of these are taken, it is ended and starts anew when one is free. The next evaluation
 *     of its kind starts there at once. A kind is the same expression with variables of about the same size.
 * V7. Unknown evaluations do not hold up kinds that have been quick: kinds not seen before leave one of the quick threads free.
 * V8. No single step inside a thread is so large that V8 cannot interrupt it, or that it ends the process: the arguments of JSONata's functions, the
 *     length of a regular expression and the result of an evaluation are bounded (`bounds.ts`). An evaluation that nothing can settle is an error.
 * V9. One owner's evaluations do not hold up another's: those that wait are taken in turns, one of each owner, in the order of each owner's calls.
 */
import { setFlagsFromString } from "node:v8";
import { createSystemClock } from "@serverlesspresso/clock";
import type { Clock, JsonObject, JsonValue } from "@serverlesspresso/ports";
import { createQueries } from "../jsonata/queries.ts";
import type { Evaluation } from "../src/decision.ts";
import { allowLinearRegexes } from "./linear-regex.ts";
import { createPaces, type Lane, type Pace } from "./paces.ts";
import type { Answer, Ready } from "./protocol.ts";
import { startThread, type Thread, type Usage } from "./thread.ts";
import { createTurns, type Turns } from "./turns.ts";

/** The deadline, the number of threads and the clocks of an evaluator. */
export interface EvaluatorOptions {
  /** Processor time that one evaluation may take, in milliseconds; by default 1000. */
  readonly deadlineMs?: number;
  /** The most threads for quick evaluations, and as many again for slow ones (V6); by default 2. The first starts at once, the others when needed. */
  readonly threads?: number;
  /** The time that `$now()` and `$millis()` return, in milliseconds since the epoch; by default the clock's. */
  readonly nowMs?: () => number;
  /** Measures the last deadline in real time and the pauses between looks at a thread; by default the system clock. */
  readonly clock?: Clock;
}

/** Evaluates JSONata expressions (V1 to V9). */
export interface Evaluator {
  /** Returns the value if this process can evaluate it; otherwise `pending`, and `evaluate` resolves to it. */
  evaluateNow(expression: string, variables: JsonObject): Evaluation;
  /** Resolves to what a thread finds: a value or an error. Never rejects. `owner` names the caller for the turns of V9, for example an execution. */
  evaluate(expression: string, variables: JsonObject, owner?: string): Promise<Evaluation>;
  /** Ends the threads; evaluations that still run or wait give an error. */
  close(): Promise<void>;
}

interface Job {
  readonly expression: string;
  /** The variables as JSON text, as a thread receives them. */
  readonly text: string;
  readonly kind: string;
  readonly owner: string;
  readonly done: Promise<Evaluation>;
  finish(evaluation: Evaluation): void;
  /** When the evaluation was sent to a thread, in milliseconds since the epoch. */
  askedMs: number;
}

interface Slot {
  readonly thread: Thread;
  /** An idle slot is `quick`. */
  lane: Lane;
  job: Job | undefined;
  /** Whether the thread has started. */
  isReady: boolean;
  disarm: (() => void) | undefined;
}

// An ordinary `$sort` of 10,000 members uses 200 MB, an order-by 300 MB.
const mostHeapBytes = 512 * 2 ** 20;
/** An evaluation past it is slow (V6). */
const quickMs = 100;
/** How many times its processor time an evaluation may last in real time, on a machine busy with other work. */
const patience = 10;

/** Returns true if the same expression and variables may give another value next time, so that the result must not be kept. */
export function isVolatile(expression: string): boolean {
  return /\$(random|uuid|now|millis|shuffle)\b/.test(expression);
}

/** Creates an evaluator and starts its first thread. */
export function createEvaluator(options: EvaluatorOptions = {}): Evaluator {
  const { deadlineMs = 1_000, threads = 2, clock = createSystemClock() } = options;
  const nowMs = options.nowMs ?? clock.nowMs;
  const slots = new Set<Slot>();
  const waiting: Readonly<Record<Pace, Turns<Job>>> = { quick: createTurns(), unknown: createTurns(), slow: createTurns() };
  const paces = createPaces();
  const answerNow = createQueries(nowMs);
  let closed = false;
  allowLinearRegexes();
  setFlagsFromString("--expose-gc"); // the threads collect the garbage of one evaluation before the next
  slots.add(openSlot());

  function openSlot(): Slot {
    const thread = startThread({
      onMessage: (message) => hear(slot, message),
      onError: (error) => drop(slot, { kind: "error", code: "D1011", message: `the evaluation ended its thread: ${error.message}` }),
    });
    const slot: Slot = { thread, lane: "quick", job: undefined, isReady: false, disarm: undefined };
    return slot;
  }

  function hear(slot: Slot, message: Answer | Ready): void {
    if (message.kind !== "ready") accept(slot, message);
    else {
      slot.isReady = true;
      if (slot.job) arm(slot);
    }
  }

  function arm(slot: Slot): void {
    if (!slot.isReady || slot.disarm) return;
    const endDeadline = clock.at(clock.nowMs() + patience * deadlineMs, () => endAsEndless(slot));
    const { job } = slot;
    const endWatch = slot.thread.watch(clock, (usage) => slot.job === job && mayGoOn(slot, usage));
    slot.disarm = () => {
      endDeadline();
      endWatch();
    };
  }

  function endAsEndless(slot: Slot): void {
    drop(slot, { kind: "error", code: "D1012", message: `Evaluation timeout after ${deadlineMs} milliseconds. Check for infinite loop` });
  }

  /** Ends an evaluation that has used more than it may (V2, V4), and moves one that is slow. */
  function mayGoOn(slot: Slot, { takenMs, heapBytes }: Usage): boolean {
    const { job } = slot;
    if (takenMs > quickMs && slot.lane === "quick") giveUpPlace(slot);
    if (slot.job !== job) return false;
    if (takenMs > deadlineMs) endAsEndless(slot);
    else if (heapBytes < mostHeapBytes) return true;
    else drop(slot, { kind: "error", code: "D1011", message: `the evaluation took more than ${mostHeapBytes / 2 ** 20} MB of memory` });
    return false;
  }

  /** Moves a slow evaluation out of the quick lane (V6). */
  function giveUpPlace(slot: Slot): void {
    const job = slot.job as Job;
    paces.remember(job.kind, "slow");
    if (countOf(({ lane }) => lane === "slow") < threads) slot.lane = "slow";
    else {
      const given = release(slot);
      waiting.slow.add(given.owner, given);
      end(slot);
    }
    askWaiting();
  }

  function countOf(isCounted: (slot: Slot) => boolean): number {
    let count = 0;
    for (const slot of slots) if (isCounted(slot)) count++;
    return count;
  }

  /** Sends waiting evaluations to threads, as far as threads are free. */
  function askWaiting(): void {
    for (const pace of ["quick", "unknown", "slow"] as const) {
      while (waiting[pace].size() > 0) {
        const slot = freeSlot(pace);
        if (!slot) break;
        ask(slot, waiting[pace].take() as Job);
        arm(slot);
      }
    }
  }

  function ask(slot: Slot, job: Job): void {
    slot.job = job;
    job.askedMs = clock.nowMs();
    slot.thread.ask({ expression: job.expression, variables: job.text, nowMs: nowMs() });
  }

  function freeSlot(pace: Pace): Slot | undefined {
    // V7.
    const newcomers =
      pace === "unknown" ? countOf(({ lane, job }) => lane === "quick" && job !== undefined && paces.of(job.kind) === "unknown") : 0;
    if (newcomers > 0 && newcomers >= threads - 1) return undefined;
    const lane = pace === "slow" ? "slow" : "quick";
    for (const slot of slots) if (!slot.job && slot.lane === lane) return slot;
    if (closed || countOf((slot) => slot.lane === lane) >= threads) return undefined;
    const slot = openSlot();
    slot.lane = lane;
    slots.add(slot);
    return slot;
  }

  function accept(slot: Slot, answer: Answer): void {
    if (!slot.job || !slot.thread.isToLast(answer)) return;
    const evaluation = evaluationOf(answer);
    const job = release(slot);
    if (slot.lane === "quick" || clock.nowMs() - job.askedMs < quickMs) paces.remember(job.kind, "quick");
    if (slot.lane === "slow" && waiting.slow.size() === 0) {
      slot.lane = "quick";
      if (countOf(({ lane }) => lane === "quick") > threads) end(slot);
    }
    job.finish(evaluation);
    askWaiting();
  }

  function release(slot: Slot): Job {
    const job = slot.job as Job;
    slot.disarm?.();
    slot.disarm = undefined;
    slot.job = undefined;
    return job;
  }

  function end(slot: Slot): void {
    slots.delete(slot);
    void slot.thread.end();
  }

  function drop(slot: Slot, evaluation: Evaluation): void {
    end(slot);
    if (slot.job) release(slot).finish(evaluation);
    askWaiting();
  }

  return {
    evaluateNow: (expression, variables) => answerNow(expression, variables) ?? { kind: "pending" },
    evaluate(expression, variables, owner = "") {
      const job = jobOf(expression, variables, owner);
      if (closed) job.finish({ kind: "error", code: "D1012", message: "the evaluator is closed" });
      else {
        waiting[paces.of(job.kind)].add(owner, job);
        askWaiting();
      }
      return job.done;
    },
    async close() {
      closed = true;
      const ended: Evaluation = { kind: "error", code: "D1012", message: "the evaluator is closed" };
      for (const turns of Object.values(waiting)) for (let job = turns.take(); job; job = turns.take()) job.finish(ended);
      const threads = [...slots].map(({ thread }) => thread.end());
      for (const slot of [...slots]) drop(slot, ended);
      await Promise.all(threads);
    },
  };
}

function jobOf(expression: string, variables: JsonObject, owner = ""): Job {
  const { promise, resolve } = Promise.withResolvers<Evaluation>();
  const text = JSON.stringify(variables);
  const kind = `${Math.ceil(Math.log2(text.length))} ${expression}`;
  return { expression, text, kind, owner, done: promise, finish: resolve, askedMs: 0 };
}

function evaluationOf(answer: Answer): Evaluation {
  if (answer.kind === "value") {
    return { kind: "value", value: answer.json === undefined ? undefined : (JSON.parse(answer.json) as JsonValue) };
  }
  const { code, message, position } = answer;
  return { kind: "error", code, message, ...(position !== undefined && { position }) };
}
