/**
 * Synchronous Express executions: StartSyncExecution.
 *
 * Y1. It lives in memory. As long as all it calls is transactional, it is one transaction and one commit, and its answer is durable.
 * Y2. Work outside lies between two transactions. A crash there ends it without an answer; nothing is done again by itself.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Outcome } from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import type { Engine } from "./engine.ts";
import type { Executions } from "./executions.ts";
import { jsonOf, seconds } from "./operations/request.ts";
import type { Started } from "./start-execution.ts";
import { targetOf } from "./target.ts";

interface StartSyncExecution {
  readonly stateMachineArn: string;
  readonly name?: string | undefined;
  readonly input?: string | undefined;
}

/** Resolves when the execution has ended and what it did is durable. @throws {WorkflowError} `StateMachineDoesNotExist`, `StateMachineTypeNotSupported`, `InvalidExecutionInput` */
export async function startSyncExecution(engine: Engine, executions: Executions, request: StartSyncExecution): Promise<JsonObject> {
  const { stateMachineArn, name, input = "{}" } = request;
  const value = jsonOf(input, "InvalidExecutionInput");
  const ended = Promise.withResolvers<{ outcome: Outcome; stopMs: number }>();
  const begin = (tx: Transaction): Started =>
    executions.startSync(
      tx,
      { target: targetOf(engine, tx, stateMachineArn), ...(name !== undefined && { name }), input: value },
      (outcome, stopMs) => ended.resolve({ outcome, stopMs }),
    );
  const { executionArn, startMs } = await engine.store.transact(begin);
  const { outcome, stopMs } = await ended.promise;
  return {
    executionArn,
    stateMachineArn,
    name: executionArn.split(":").at(-2) as string,
    startDate: seconds(startMs),
    stopDate: seconds(stopMs),
    status: outcome.status === "ABORTED" ? "FAILED" : outcome.status,
    input,
    inputDetails: { included: true },
    ...(outcome.status === "SUCCEEDED"
      ? { output: JSON.stringify(outcome.output), outputDetails: { included: true } }
      : { ...(outcome.error !== undefined && { error: outcome.error }), ...(outcome.cause !== undefined && { cause: outcome.cause }) }),
  };
}
