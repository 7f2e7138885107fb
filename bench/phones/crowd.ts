import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import { join } from "node:path";
import type { Done, Task } from "./messages.ts";

type Answer = Done | { readonly ready: true } | { readonly failed: string };

/** The phones' process. */
export interface Crowd {
  /** Does one thing. @throws Error with what the phones met where it took too long */
  perform(task: Task): Promise<Done>;
  /** Does `act` once the phones listen; resolves when each has had a message. */
  receive(act: () => Promise<unknown>): Promise<Done>;
  end(): void;
}

/** Starts the phones' process. Phones have a machine of their own; here they take what is left of this one. */
export function startCrowd(): Crowd {
  const child = fork(join(import.meta.dirname, "crowd.child.ts"), [], { execArgv: ["--max-semi-space-size=8"] });
  if (child.pid !== undefined) setPriority(child.pid, 5);

  async function perform(task: Task): Promise<Done> {
    child.send(task);
    return doneOf(await nextAnswer(child));
  }

  return {
    perform,
    async receive(act) {
      child.send({ do: "receive" } satisfies Task);
      await nextAnswer(child);
      const done = nextAnswer(child);
      await act();
      return doneOf(await done);
    },
    end: () => void child.kill("SIGKILL"),
  };
}

function doneOf(answer: Answer): Done {
  if ("lastMs" in answer) return answer;
  throw new Error("failed" in answer ? `the phones: ${answer.failed}` : "the phones answered out of turn");
}

function nextAnswer(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error("the phones' process ended"));
    child.once("exit", onExit);
    child.once("message", (answer) => {
      child.off("exit", onExit);
      resolve(answer as Answer);
    });
  });
}
