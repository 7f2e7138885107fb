/** What rules deliver to, by the service in the target's ARN. All but functions and API destinations commit together with the delivery. */
import { executionName } from "@serverlesspresso/blueprint/execution-name.ts";
import type { TargetInvoker, TargetInvokers } from "@serverlesspresso/event-bus";
import type { Functions } from "@serverlesspresso/functions";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Queues } from "@serverlesspresso/queues";
import type { Transaction } from "@serverlesspresso/store";
import { WorkflowError, type Workflows } from "@serverlesspresso/workflow";
import { failureOf } from "./function-failure.ts";
import { nameOf } from "./place.ts";

/** What targets call. */
export interface TargetEngines {
  readonly functions: Pick<Functions, "invoke">;
  readonly workflows: Pick<Workflows, "execute">;
  readonly queues: Pick<Queues, "sendMessage">;
  /** Calls an API destination. */
  readonly callApiDestination: Extract<TargetInvoker, { readonly kind: "external" }>["deliver"];
  /** Writes one line to a log group. */
  readonly writeLog: (tx: Transaction, group: string, line: string) => void;
  /** Links an event in the archive to a log group; false where the group needs a copy. */
  readonly linkLog: (tx: Transaction, group: string, event: { readonly sequence: number; readonly atMs: number }) => boolean;
}

/** Returns the targets by service. @param engines asked for at each delivery, since the engines are connected after the bus is made */
export function createTargets(engines: () => TargetEngines): TargetInvokers {
  const toFunction: TargetInvoker = {
    kind: "external",
    async deliver({ Arn }, input) {
      // → packages/functions/src/functions.ts
      const result = await engines().functions.invoke(Arn, input);
      if ("functionError" in result) throw failureOf(result.payload);
    },
  };
  const toWorkflow: TargetInvoker = {
    kind: "transactional",
    deliver(tx, { Arn, executionNamePath }, input, envelope) {
      const name = executionName(envelope, executionNamePath);
      const request: JsonObject = { stateMachineArn: Arn, input: JSON.stringify(input), ...(name !== undefined && { name }) };
      try {
        // → packages/workflow/src/operations/executions.ts
        engines().workflows.execute(tx, "StartExecution", request);
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
      // → packages/queues/src/queue-verbs.ts
      engines().queues.sendMessage(tx, Arn, { body: JSON.stringify(input), ...(groupId !== undefined && { groupId }) });
    },
  };
  const toLogGroup: TargetInvoker = {
    kind: "transactional",
    deliver: (tx, { Arn }, input) => engines().writeLog(tx, nameOf(Arn), JSON.stringify(input)),
    mark(tx, { Arn }, event) {
      const group = nameOf(Arn);
      // → packages/logs/src/linked-events.ts: the group's mark is its name.
      return engines().linkLog(tx, group, event) ? group : undefined;
    },
  };
  const toApiDestination: TargetInvoker = {
    kind: "external",
    deliver: async (...delivery) => engines().callApiDestination(...delivery),
  };
  return { lambda: toFunction, states: toWorkflow, sqs: toQueue, logs: toLogGroup, "api-destination": toApiDestination };
}
