/**
 * Checks definitions in a thread, outside the main loop.
 *
 * DC1. The main loop checks only short definitions without JSONata; it returns the findings that the thread would return.
 * DC2. The thread starts with the first definition that needs it, and keeps no process alive.
 * DC3. A check ends with its thread when it takes more than `deadlineMs` of the thread's processor time, ten times as long in real time, or more than
 *     512 MiB of memory; the finding names the definition and the reason. The next check starts another thread.
 * DC4. Checks run one after the other, in the order of the calls. `diagnose` never rejects; after `close` its finding says that the checker is closed.
 */
import { Worker } from "node:worker_threads";
import { createSystemClock } from "@serverlesspresso/clock";
import type { Clock } from "@serverlesspresso/ports";
import type { Diagnostic } from "../src/errors.ts";
import { TestStateError, type TestStateRequest } from "../src/test-state/request.ts";
import { diagnoseDefinitionText } from "../src/validation/diagnose.ts";
import type { Answer, Question, Task } from "./protocol.ts";

/** The deadline and the clock of a definition checker. */
export interface DefinitionCheckerOptions {
  /** Processor time that one check may take, in milliseconds; by default 5000. An ordinary definition of 1 MiB takes 2000. */
  readonly deadlineMs?: number;
  /** Measures the last deadline in real time and the pauses between looks at the thread; by default the system clock. */
  readonly clock?: Clock;
}

/** Checks definitions and TestState calls in a thread (DC1 to DC4). */
export interface DefinitionChecker {
  /** Resolves to the findings, at most 1,000 errors and 1,000 warnings; an error among them means that AWS would refuse the definition. Never rejects. */
  diagnose(definitionText: string): Promise<readonly Diagnostic[]>;
  /** Resolves if AWS would run the call. Rejects with the `TestStateError` by which AWS refuses it. */
  checkTest(request: TestStateRequest): Promise<void>;
  /** Ends the thread. Checks that still wait find that the checker is closed. */
  close(): Promise<void>;
}

type Outcome = Answer | { readonly kind: "failed"; readonly why: string };

interface Job {
  readonly task: Task;
  finish(outcome: Outcome): void;
}

interface Running {
  readonly worker: Worker;
  readonly job: Job;
  readonly id: number;
  disarm(): void;
}

const longestHere = 4_096;
const mostHeapBytes = 512 * 2 ** 20;
const lookEveryMs = 50;
const patience = 10;
// V8 ends the whole process where one allocation goes past its heap's limit, so what is used is watched far below it.
const resourceLimits = { maxOldGenerationSizeMb: 4_096, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Creates a checker; its thread starts with the first definition that needs it (DC2). */
export function createDefinitionChecker({
  deadlineMs = 5_000,
  clock = createSystemClock(),
}: DefinitionCheckerOptions = {}): DefinitionChecker {
  const waiting: Job[] = [];
  let resting: Worker | undefined;
  let running: Running | undefined;
  let nextId = 0;
  let closed = false;

  function openThread(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { resourceLimits });
    worker.on("message", (answer: Answer) => {
      if (running?.worker === worker && running.id === answer.id) end(answer);
    });
    worker.on("error", ({ message }) => lose(worker, `ended the thread that checked it: ${message}`));
    worker.on("exit", () => lose(worker, "was not checked to the end"));
    worker.unref();
    return worker;
  }

  function lose(worker: Worker, why: string): void {
    if (resting === worker) resting = undefined;
    if (running?.worker === worker) end({ kind: "failed", why }, false);
  }

  function goOn(): void {
    const job = running ? undefined : waiting.shift();
    if (!job) return;
    const worker = resting ?? openThread();
    resting = undefined;
    const id = nextId++;
    running = { worker, job, id, disarm: watch(worker) };
    worker.postMessage({ ...job.task, id } satisfies Question);
  }

  function end(outcome: Outcome, isSound = true): void {
    const { worker, job, disarm } = running as Running;
    running = undefined;
    disarm();
    if (isSound) resting = worker;
    else void worker.terminate();
    job.finish(outcome);
    goOn();
  }

  /** Ends the thread when the check has used up its time or memory (DC3). V8 reports both while the thread is busy. */
  function watch(worker: Worker): () => void {
    const late = (): void => lose(worker, `takes more than ${deadlineMs / 1_000} seconds to check`);
    const endPatience = clock.at(clock.nowMs() + patience * deadlineMs, late);
    let cancel = (): void => {};
    let over = false;
    let atFirst: NodeJS.CpuUsage | undefined;
    const look = (): void =>
      void Promise.all([worker.getHeapStatistics(), worker.cpuUsage(atFirst)]).then(
        ([{ used_heap_size }, usage]) => {
          if (over) return;
          const takenMs = atFirst === undefined ? 0 : (usage.user + usage.system) / 1_000;
          atFirst ??= usage;
          if (takenMs > deadlineMs) late();
          else if (used_heap_size > mostHeapBytes) lose(worker, `takes more than ${mostHeapBytes / 2 ** 20} MB of memory to check`);
          else next();
        },
        () => {
          if (!over) next(); // the thread has not started yet; when it has ended, its "exit" event calls `lose`
        },
      );
    const next = (): void => void (cancel = clock.at(clock.nowMs() + lookEveryMs, look));
    next();
    return () => {
      over = true;
      endPatience();
      cancel();
    };
  }

  function ask(task: Task): Promise<Outcome> {
    if (closed) return Promise.resolve({ kind: "failed", why: "was not checked: the checker is closed" });
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    waiting.push({ task, finish: resolve });
    goOn();
    return promise;
  }

  return {
    async diagnose(text) {
      if (text.length <= longestHere && !text.includes("{%")) return diagnoseDefinitionText(text);
      const outcome = await ask({ kind: "definition", text });
      if (outcome.kind === "found") return outcome.diagnostics;
      const why = outcome.kind === "failed" ? outcome.why : "was not checked";
      return [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: `${nameOf(text)} ${why}` }];
    },
    async checkTest(request) {
      const json = JSON.stringify(request);
      const outcome = await ask({ kind: "testState", json });
      if (outcome.kind === "refusal" && outcome.refusal) throw new TestStateError(outcome.refusal.code, outcome.refusal.message);
      if (outcome.kind === "failed")
        throw new TestStateError("InvalidDefinition", `${nameOf(JSON.stringify(request.definition))} ${outcome.why}`);
    },
    async close() {
      closed = true;
      for (const { finish } of waiting.splice(0)) finish({ kind: "failed", why: "was not checked: the checker is closed" });
      const worker = running?.worker ?? resting;
      await worker?.terminate();
    },
  };
}

/** Returns a name for the definition: how its text begins, and its length. */
function nameOf(text: string): string {
  return `The definition '${text.slice(0, 60)}${text.length > 60 ? "…" : ""}' of ${text.length} characters`;
}
