import { MessageChannel, Worker } from "node:worker_threads";
import type { Clock } from "@serverlesspresso/ports";
import type { Answer, Question, Ready, WorkerData } from "./protocol.ts";

/** What an evaluation has used of its thread since the first look at it. */
export interface Usage {
  /** Processor time, in milliseconds. */
  readonly takenMs: number;
  readonly heapBytes: number;
}

/** A thread that evaluates one expression at a time. It keeps no process alive. */
export interface Thread {
  /** Sends a question. The answer comes to `onMessage`. */
  ask(question: Omit<Question, "id">): void;
  /** Returns whether an answer is to the last question. */
  isToLast(answer: Answer): boolean;
  /** Calls `look` with the usage every 10 ms until it returns false. V8 reports usage while the thread is busy. The function returned ends it. */
  watch(clock: Clock, look: (usage: Usage) => boolean): () => void;
  /** Ends the thread, whatever it does. */
  end(): Promise<unknown>;
}

/** What a thread reports. */
export interface ThreadListener {
  onMessage(message: Answer | Ready): void;
  /** The thread died by itself. */
  onError(error: Error): void;
}

const lookEveryMs = 10;
// V8 ends the whole process where one allocation goes past its heap's limit. So the limit is out of reach within a deadline, and the evaluator watches the memory in use (V4).
const resourceLimits = { maxOldGenerationSizeMb: 4_096, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Starts a thread. */
export function startThread(listener: ThreadListener): Thread {
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { port: port2 } satisfies WorkerData,
    transferList: [port2],
    resourceLimits,
  });
  let asked = 0;
  port.on("message", (message: Answer | Ready) => listener.onMessage(message));
  port.unref();
  worker.unref();
  worker.on("error", (error) => listener.onError(error));

  return {
    ask(question) {
      asked = (asked + 1) & 0x3fffffff;
      port.postMessage({ ...question, id: asked } satisfies Question);
    },
    isToLast: ({ id }) => id === asked,
    watch(clock, look) {
      let cancel = (): void => {};
      let atFirst: NodeJS.CpuUsage | undefined;
      const next = (): void => void (cancel = clock.at(clock.nowMs() + lookEveryMs, measure));
      const measure = (): void =>
        void Promise.all([worker.getHeapStatistics(), worker.cpuUsage(atFirst)]).then(
          ([{ used_heap_size: heapBytes }, usage]) => {
            const takenMs = atFirst === undefined ? 0 : (usage.user + usage.system) / 1_000;
            atFirst ??= usage;
            if (look({ takenMs, heapBytes })) next();
          },
          () => {}, // the thread has ended
        );
      next();
      return () => cancel();
    },
    end() {
      port.close();
      return worker.terminate();
    },
  };
}
