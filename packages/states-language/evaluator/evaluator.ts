/**
 * JSONata outside the main loop.
 *
 * V1. The main loop never waits longer than `waitMs` for one evaluation, whatever the expression does.
 * V2. An evaluation that runs longer than `deadlineMs` of real time is ended with its thread; its answer is an error.
 * V3. Answers are JSON; a result that is not (a function) is an error.
 * V4. A thread has a cap on memory; one that dies answers its question with an error and is replaced.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { createSystemClock } from "@serverlesspresso/clock";
import type { Clock, JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Evaluation } from "../src/decision.ts";
import type { Answer, Question, WorkerData } from "./protocol.ts";

export interface EvaluatorOptions {
  /** Real milliseconds one evaluation may take; 1000. */
  readonly deadlineMs?: number;
  /** Threads at most; they start when needed, the first at once. 2. */
  readonly threads?: number;
  /** The time `$now()` and `$millis()` tell; the machine's. */
  readonly nowMs?: () => number;
  /** Real time, for the deadline; the machine's. */
  readonly clock?: Clock;
}

export interface Evaluator {
  /** Evaluates and waits up to `waitMs` (20) for it; `pending` where it is not done, then `evaluate` with the same two values joins it. */
  evaluateNow(expression: string, variables: JsonObject, waitMs?: number): Evaluation;
  /** Never rejects; never answers `pending`. */
  evaluate(expression: string, variables: JsonObject): Promise<Evaluation>;
  /** Ends the threads; what still runs answers an error. */
  close(): Promise<void>;
}

interface Job {
  readonly expression: string;
  readonly variables: JsonObject;
  readonly done: Promise<Evaluation>;
  finish(evaluation: Evaluation): void;
}

interface Slot {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
  job: Job | undefined;
  asked: number;
  disarm: (() => void) | undefined;
}

const memoryCap = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** True where the same expression and variables may give another value next time, so that an answer must not be kept. */
export function isVolatile(expression: string): boolean {
  return /\$(random|uuid|now|millis|shuffle)\b/.test(expression);
}

export function createEvaluator(options: EvaluatorOptions = {}): Evaluator {
  const { deadlineMs = 1_000, threads = 2, clock = createSystemClock() } = options;
  const nowMs = options.nowMs ?? clock.nowMs;
  const slots = new Set<Slot>();
  const queue: Job[] = [];
  let nextId = 0;
  let closed = false;
  slots.add(openSlot());

  function openSlot(): Slot {
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: { port: port2, signal } satisfies WorkerData,
      transferList: [port2],
      resourceLimits: memoryCap,
    });
    const slot: Slot = { worker, port: port1, signal, job: undefined, asked: 0, disarm: undefined };
    port1.on("message", (answer: Answer) => accept(slot, answer));
    port1.unref();
    worker.unref();
    worker.on("error", (error) =>
      drop(slot, { kind: "error", code: "D1011", message: `the evaluation ended its thread: ${error.message}` }),
    );
    return slot;
  }

  function freeSlot(): Slot | undefined {
    for (const slot of slots) if (!slot.job) return slot;
    if (slots.size >= threads || closed) return undefined;
    const slot = openSlot();
    slots.add(slot);
    return slot;
  }

  function ask(slot: Slot, job: Job): void {
    slot.job = job;
    slot.asked = nextId = (nextId + 1) & 0x3fffffff;
    const question: Question = { id: slot.asked, expression: job.expression, variables: JSON.stringify(job.variables), nowMs: nowMs() };
    slot.port.postMessage(question);
  }

  function arm(slot: Slot): void {
    slot.disarm = clock.at(clock.nowMs() + deadlineMs, () =>
      drop(slot, { kind: "error", code: "D1012", message: `Evaluation timeout after ${deadlineMs} milliseconds. Check for infinite loop` }),
    );
  }

  function accept(slot: Slot, answer: Answer): Evaluation | undefined {
    if (!slot.job || answer.id !== slot.asked) return undefined;
    const evaluation = evaluationOf(answer);
    release(slot).finish(evaluation);
    const next = queue.shift();
    if (next) {
      ask(slot, next);
      arm(slot);
    }
    return evaluation;
  }

  function release(slot: Slot): Job {
    const job = slot.job as Job;
    slot.disarm?.();
    slot.disarm = undefined;
    slot.job = undefined;
    return job;
  }

  function drop(slot: Slot, evaluation: Evaluation): void {
    slots.delete(slot);
    slot.port.close();
    void slot.worker.terminate();
    if (slot.job) release(slot).finish(evaluation);
    const next = closed ? undefined : freeSlot();
    const job = next && queue.shift();
    if (next && job) {
      ask(next, job);
      arm(next);
    }
  }

  return {
    evaluateNow(expression, variables, waitMs = 20) {
      const slot = freeSlot();
      if (!slot) return { kind: "pending" };
      const before = Atomics.load(slot.signal, 0);
      ask(slot, jobOf(expression, variables));
      Atomics.wait(slot.signal, 0, before, waitMs);
      const received = receiveMessageOnPort(slot.port) as { message: Answer } | undefined;
      const evaluation = received && accept(slot, received.message);
      if (evaluation) return evaluation;
      arm(slot);
      return { kind: "pending" };
    },
    evaluate(expression, variables) {
      for (const { job } of slots) if (job?.variables === variables && job.expression === expression) return job.done;
      const job = jobOf(expression, variables);
      if (closed) job.finish({ kind: "error", code: "D1012", message: "the evaluator is closed" });
      const slot = closed ? undefined : freeSlot();
      if (!slot) queue.push(job);
      else {
        ask(slot, job);
        arm(slot);
      }
      return job.done;
    },
    async close() {
      closed = true;
      const ended: Evaluation = { kind: "error", code: "D1012", message: "the evaluator is closed" };
      for (const job of queue.splice(0)) job.finish(ended);
      const workers = [...slots].map(({ worker }) => worker.terminate());
      for (const slot of [...slots]) drop(slot, ended);
      await Promise.all(workers);
    },
  };
}

function jobOf(expression: string, variables: JsonObject): Job {
  const { promise, resolve } = Promise.withResolvers<Evaluation>();
  return { expression, variables, done: promise, finish: resolve };
}

function evaluationOf(answer: Answer): Evaluation {
  if (answer.kind === "value") {
    return { kind: "value", value: answer.json === undefined ? undefined : (JSON.parse(answer.json) as JsonValue) };
  }
  const { code, message, position } = answer;
  return { kind: "error", code, message, ...(position !== undefined && { position }) };
}
