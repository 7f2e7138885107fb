/**
 * JSONata outside the main loop.
 *
 * V1. The main loop never waits longer than `waitMs` for one evaluation, and for all of one turn of the loop together, whatever the expressions do.
 * V2. An evaluation that takes more than `deadlineMs` of its thread's processor time is ended with its thread; its answer is an error. Neither the start of
 *     a thread counts nor what the machine does beside it; where it comes to ten times as long in real time, it is ended all the same.
 * V3. Answers are JSON; a result that is not (a function) is an error.
 * V4. A thread that takes more than `mostHeapBytes` is ended, and so is its question, with an error; one that dies is replaced. The process lives on.
 * V5. A regular expression runs in time linear in its text where V8's linear engine takes it, and under V2's deadline where not.
 * V6. Nobody waits for a slow one: an evaluation past `quickMs` of its thread's processor time gives up its place among the `threads` for quick ones. It
 *     goes on as one of as many for slow ones; where these are taken it is ended and asked again when one is free. The next one of its kind is asked there
 *     at once. A kind is the same expression on values of about the same size.
 * V7. Nobody who has been quick waits for newcomers: kinds that are not known yet leave one of the quick threads free.
 * V8. No single step inside a thread is so large that V8 cannot end it, or ends the process for it: what JSONata's functions are handed, the
 *     length of a regular expression and what an evaluation gives are bounded (`bounds.ts`). An evaluation that nothing more will settle is an error.
 * V9. Nobody waits for all that another asks: what waits is asked in turns, one of each owner, in the order of its asking.
 */
import { setFlagsFromString } from "node:v8";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { createSystemClock } from "@serverlesspresso/clock";
import type { Clock, JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Evaluation } from "../src/decision.ts";
import { allowLinearRegexes } from "./linear-regex.ts";
import type { Answer, Question, Ready, WorkerData } from "./protocol.ts";
import { createTurns, type Turns } from "./turns.ts";

export interface EvaluatorOptions {
  /** Milliseconds of processor time one evaluation may take; 1000. */
  readonly deadlineMs?: number;
  /** Threads at most for quick evaluations, and as many again for slow ones (V6); they start when needed, the first at once. 2. */
  readonly threads?: number;
  /** The time `$now()` and `$millis()` tell; the machine's. */
  readonly nowMs?: () => number;
  /** Real time, for the last deadline and between looks at a thread; the machine's. */
  readonly clock?: Clock;
}

export interface Evaluator {
  /** Evaluates and waits up to `waitMs` (10) for it; `pending` where it is not done, then `evaluate` with the same two values joins it. */
  evaluateNow(expression: string, variables: JsonObject, waitMs?: number): Evaluation;
  /** Never rejects; never answers `pending`. `owner` is whoever asks, a workflow for instance (V9). */
  evaluate(expression: string, variables: JsonObject, owner?: string): Promise<Evaluation>;
  /** Ends the threads; what still runs answers an error. */
  close(): Promise<void>;
}

interface Job {
  readonly expression: string;
  readonly variables: JsonObject;
  /** The variables as a thread gets them. */
  readonly text: string;
  readonly kind: string;
  readonly owner: string;
  readonly done: Promise<Evaluation>;
  finish(evaluation: Evaluation): void;
  /** When a thread was asked. */
  askedMs: number;
}

type Lane = "quick" | "slow";
/** What waits: kinds that have been quick, kinds that have been slow, and kinds of which nothing is known. */
type Pace = Lane | "unknown";

interface Slot {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
  /** One that rests is `quick`. */
  lane: Lane;
  job: Job | undefined;
  asked: number;
  /** Whether the thread has started. */
  isReady: boolean;
  disarm: (() => void) | undefined;
}

// An honest `$sort` of 10,000 members has 200 MB in use, an order-by 300 MB.
const mostHeapBytes = 512 * 2 ** 20;
/** An evaluation past it is slow (V6). */
const quickMs = 100;
const mostRemembered = 10_000;
const lookEveryMs = 10;
/** So many times its processor time an evaluation may last on a machine that is busy with other things. */
const patience = 10;
// V8 ends the whole process where one allocation goes past its heap's limit. So the limit is out of reach within a deadline, and what is used is watched (V4).
const resourceLimits = { maxOldGenerationSizeMb: 4_096, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** True where the same expression and variables may give another value next time, so that an answer must not be kept. */
export function isVolatile(expression: string): boolean {
  return /\$(random|uuid|now|millis|shuffle)\b/.test(expression);
}

export function createEvaluator(options: EvaluatorOptions = {}): Evaluator {
  const { deadlineMs = 1_000, threads = 2, clock = createSystemClock() } = options;
  const nowMs = options.nowMs ?? clock.nowMs;
  const slots = new Set<Slot>();
  const waiting: Readonly<Record<Pace, Turns<Job>>> = { quick: createTurns(), unknown: createTurns(), slow: createTurns() };
  /** How kinds were the last time, the one heard of longest ago first. */
  const paces = new Map<string, Lane>();
  let nextId = 0;
  let closed = false;
  let waitedMs = 0;
  allowLinearRegexes();
  setFlagsFromString("--expose-gc"); // for the threads, which take away what an evaluation left before the next one
  slots.add(openSlot());

  function openSlot(): Slot {
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: { port: port2, signal } satisfies WorkerData,
      transferList: [port2],
      resourceLimits,
    });
    const slot: Slot = { worker, port: port1, signal, lane: "quick", job: undefined, asked: 0, isReady: false, disarm: undefined };
    port1.on("message", (message: Answer | Ready) => void hear(slot, message));
    port1.unref();
    worker.unref();
    worker.on("error", (error) =>
      drop(slot, { kind: "error", code: "D1011", message: `the evaluation ended its thread: ${error.message}` }),
    );
    return slot;
  }

  /** Waits for the answer to what a thread was just asked, as long as this turn still may (V1). */
  function waitFor({ signal, asked }: Slot, waitMs: number): void {
    if (waitedMs >= waitMs) return;
    if (waitedMs === 0) setImmediate(() => void (waitedMs = 0)).unref();
    // The thread's word that it has answered may come after the answer, so the one heard of first may be the last question's.
    for (let heard = Atomics.load(signal, 0); heard !== asked && waitedMs < waitMs; heard = Atomics.load(signal, 0)) {
      const from = process.hrtime.bigint();
      Atomics.wait(signal, 0, heard, waitMs - waitedMs);
      waitedMs += Number(process.hrtime.bigint() - from) / 1e6;
    }
  }

  function hear(slot: Slot, message: Answer | Ready): Evaluation | undefined {
    if (message.kind !== "ready") return accept(slot, message);
    slot.isReady = true;
    if (slot.job) arm(slot);
    return undefined;
  }

  function paceOf({ kind }: Job): Pace {
    return paces.get(kind) ?? "unknown";
  }

  function remember({ kind }: Job, pace: Lane): void {
    paces.delete(kind);
    paces.set(kind, pace);
    if (paces.size > mostRemembered) for (const oldest of paces.keys()) return void paces.delete(oldest);
  }

  function countOf(isCounted: (slot: Slot) => boolean): number {
    let count = 0;
    for (const slot of slots) if (isCounted(slot)) count++;
    return count;
  }

  function freeSlot(pace: Pace): Slot | undefined {
    // V7.
    const newcomers =
      pace === "unknown" ? countOf(({ lane, job }) => lane === "quick" && job !== undefined && paceOf(job) === "unknown") : 0;
    if (newcomers > 0 && newcomers >= threads - 1) return undefined;
    const lane = pace === "slow" ? "slow" : "quick";
    for (const slot of slots) if (!slot.job && slot.lane === lane) return slot;
    if (closed || countOf((slot) => slot.lane === lane) >= threads) return undefined;
    const slot = openSlot();
    slot.lane = lane;
    slots.add(slot);
    return slot;
  }

  /** Asks what waits, as far as there are threads for it. */
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
    slot.asked = nextId = (nextId + 1) & 0x3fffffff;
    job.askedMs = clock.nowMs();
    const question: Question = { id: slot.asked, expression: job.expression, variables: job.text, nowMs: nowMs() };
    slot.port.postMessage(question);
  }

  function arm(slot: Slot): void {
    if (!slot.isReady || slot.disarm) return;
    const endDeadline = clock.at(clock.nowMs() + patience * deadlineMs, () => endAsEndless(slot));
    const endWatch = watch(slot);
    slot.disarm = () => {
      endDeadline();
      endWatch();
    };
  }

  function endAsEndless(slot: Slot): void {
    drop(slot, { kind: "error", code: "D1012", message: `Evaluation timeout after ${deadlineMs} milliseconds. Check for infinite loop` });
  }

  /** Looks again and again at what a thread uses, which it tells in the middle of whatever it does (V2, V4). */
  function watch(slot: Slot): () => void {
    const { job, worker } = slot;
    let cancel = (): void => {};
    let atFirst: NodeJS.CpuUsage | undefined;
    const look = (): void =>
      void Promise.all([worker.getHeapStatistics(), worker.cpuUsage(atFirst)]).then(
        ([{ used_heap_size }, usage]) => {
          if (slot.job !== job) return;
          const takenMs = atFirst === undefined ? 0 : (usage.user + usage.system) / 1_000;
          atFirst ??= usage;
          if (takenMs > quickMs && slot.lane === "quick") giveUpPlace(slot);
          if (slot.job !== job) return;
          if (takenMs > deadlineMs) endAsEndless(slot);
          else if (used_heap_size < mostHeapBytes) next();
          else
            drop(slot, { kind: "error", code: "D1011", message: `the evaluation took more than ${mostHeapBytes / 2 ** 20} MB of memory` });
        },
        () => {}, // the thread has ended
      );
    const next = (): void => void (cancel = clock.at(clock.nowMs() + lookEveryMs, look));
    next();
    return () => cancel();
  }

  /** V6. */
  function giveUpPlace(slot: Slot): void {
    const job = slot.job as Job;
    remember(job, "slow");
    if (countOf(({ lane }) => lane === "slow") < threads) slot.lane = "slow";
    else {
      const given = release(slot);
      waiting.slow.add(given.owner, given);
      end(slot);
    }
    askWaiting();
  }

  function accept(slot: Slot, answer: Answer): Evaluation | undefined {
    if (!slot.job || answer.id !== slot.asked) return undefined;
    const evaluation = evaluationOf(answer);
    const job = release(slot);
    if (slot.lane === "quick" || clock.nowMs() - job.askedMs < quickMs) remember(job, "quick");
    if (slot.lane === "slow" && waiting.slow.size() === 0) {
      slot.lane = "quick";
      if (countOf(({ lane }) => lane === "quick") > threads) end(slot);
    }
    job.finish(evaluation);
    askWaiting();
    return evaluation;
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
    slot.port.close();
    void slot.worker.terminate();
  }

  function drop(slot: Slot, evaluation: Evaluation): void {
    end(slot);
    if (slot.job) release(slot).finish(evaluation);
    askWaiting();
  }

  return {
    evaluateNow(expression, variables, waitMs = 10) {
      const job = jobOf(expression, variables);
      const pace = paceOf(job);
      const slot = pace === "slow" ? undefined : freeSlot(pace);
      if (!slot) return { kind: "pending" };
      ask(slot, job);
      waitFor(slot, waitMs);
      for (let received = receive(slot); received; received = receive(slot)) {
        const evaluation = hear(slot, received.message);
        if (evaluation) return evaluation;
      }
      arm(slot);
      return { kind: "pending" };
    },
    evaluate(expression, variables, owner = "") {
      for (const { job } of slots) if (job?.variables === variables && job.expression === expression) return job.done;
      const job = jobOf(expression, variables, owner);
      if (closed) job.finish({ kind: "error", code: "D1012", message: "the evaluator is closed" });
      else {
        waiting[paceOf(job)].add(owner, job);
        askWaiting();
      }
      return job.done;
    },
    async close() {
      closed = true;
      const ended: Evaluation = { kind: "error", code: "D1012", message: "the evaluator is closed" };
      for (const turns of Object.values(waiting)) for (let job = turns.take(); job; job = turns.take()) job.finish(ended);
      const workers = [...slots].map(({ worker }) => worker.terminate());
      for (const slot of [...slots]) drop(slot, ended);
      await Promise.all(workers);
    },
  };
}

function receive({ port }: Slot): { message: Answer | Ready } | undefined {
  return receiveMessageOnPort(port) as { message: Answer | Ready } | undefined;
}

function jobOf(expression: string, variables: JsonObject, owner = ""): Job {
  const { promise, resolve } = Promise.withResolvers<Evaluation>();
  const text = JSON.stringify(variables);
  const kind = `${Math.ceil(Math.log2(text.length))} ${expression}`;
  return { expression, variables, text, kind, owner, done: promise, finish: resolve, askedMs: 0 };
}

function evaluationOf(answer: Answer): Evaluation {
  if (answer.kind === "value") {
    return { kind: "value", value: answer.json === undefined ? undefined : (JSON.parse(answer.json) as JsonValue) };
  }
  const { code, message, position } = answer;
  return { kind: "error", code, message, ...(position !== undefined && { position }) };
}
