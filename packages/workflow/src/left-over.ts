/** Executions whose work waits for a turn of the event loop: one execution a turn, one of each state machine after another (A2). */
import { createTurns } from "@serverlesspresso/states-language/turns";
import { type ExecutionId, machineOf, partsOfId } from "./keys.ts";

/** The executions that wait for their turn. */
export interface LeftOver {
  /** Lets an execution wait; one that waits already keeps its place. */
  add(id: ExecutionId): void;
}

/** @param isOpen while it returns false, what waits goes on waiting. @param goOn takes the execution whose turn it is */
export function createLeftOver(isOpen: () => boolean, goOn: (id: ExecutionId) => void): LeftOver {
  const waiting = new Set<ExecutionId>();
  const turns = createTurns<ExecutionId>();
  let isPumping = false;

  function pump(): void {
    if (isPumping || !isOpen()) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      const id = turns.take();
      if (id === undefined || !isOpen()) return;
      waiting.delete(id);
      goOn(id);
      pump();
    });
  }

  return {
    add(id) {
      if (!waiting.has(id)) turns.add(machineOf(partsOfId(id).machine), id);
      waiting.add(id);
      pump();
    },
  };
}
