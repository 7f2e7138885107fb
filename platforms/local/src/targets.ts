/** What rules deliver to, by the service in the target's ARN. All but functions and API destinations commit together with the delivery. */
import { executionName } from "@serverlesspresso/blueprint/execution-name.ts";
import type { TargetInvoker, TargetInvokers } from "@serverlesspresso/event-bus";
import type { Functions } from "@serverlesspresso/functions";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Queues } from "@serverlesspresso/queues";
import type { Transaction } from "@serverlesspresso/store";
import { WorkflowError, type Workflows } from "@serverlesspresso/workflow";
import { nameOf } from "./place.ts";

export interface TargetEngines {
  readonly functions: Functions;
  readonly workflows: Workflows;
  readonly queues: Queues;
  /** Calls an API destination. */
  readonly toApiDestination: TargetInvoker;
  /** Writes one line to a log group. */
  readonly writeLog: (tx: Transaction, group: string, line: string) => void;
}

export function createTargets({ functions, workflows, queues, toApiDestination, writeLog }: TargetEngines): TargetInvokers {
  const toFunction: TargetInvoker = {
    kind: "external",
    async deliver({ Arn }, input) {
      const result = await functions.invoke(Arn, input);
      if ("functionError" in result) throw failureOf(result.payload);
    },
  };
  const toWorkflow: TargetInvoker = {
    kind: "transactional",
    deliver(tx, { Arn, executionNamePath }, input, envelope) {
      const name = executionName(envelope, executionNamePath);
      const request: JsonObject = { stateMachineArn: Arn, input: JSON.stringify(input), ...(name !== undefined && { name }) };
      try {
        workflows.execute(tx, "StartExecution", request);
      } catch (error) {
        // Named after what the event is about: a repeated event starts nothing.
        if (!(error instanceof WorkflowError) || error.code !== "ExecutionAlreadyExists") throw error;
      }
    },
  };
  const toQueue: TargetInvoker = {
    kind: "transactional",
    deliver(tx, { Arn, SqsParameters }, input) {
      const { MessageGroupId: groupId } = (SqsParameters ?? {}) as { readonly MessageGroupId?: string };
      queues.sendMessage(tx, Arn, { body: JSON.stringify(input), ...(groupId !== undefined && { groupId }) });
    },
  };
  const toLogGroup: TargetInvoker = {
    kind: "transactional",
    deliver: (tx, { Arn }, input) => writeLog(tx, nameOf(Arn), JSON.stringify(input)),
  };
  return { lambda: toFunction, states: toWorkflow, sqs: toQueue, logs: toLogGroup, "api-destination": toApiDestination };
}

/** A function's failure as an error of its own type. */
export function failureOf({ errorType, errorMessage }: { readonly errorType: string; readonly errorMessage: string }): Error {
  return Object.assign(new Error(errorMessage), { name: errorType });
}
