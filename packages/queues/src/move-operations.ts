/** SQS's operations that move messages out of dead-letter queues. */
import type { JsonObject } from "@serverlesspresso/ports";
import { arnOf, type QueuesEngine, read, write } from "./engine.ts";
import type { MoveTask } from "./move-tasks.ts";
import { queueNameOf } from "./queue-config.ts";
import { requests } from "./requests.ts";

/** Those that start, stop and list such tasks. */
export const moveOperations = {
  ListMessageMoveTasks: read(requests.listMoves, (engine, view, { SourceArn, MaxResults = 1 }) => ({
    Results: engine.moves.list(view, queueNameOf(SourceArn), MaxResults).map((task) => describeMove(engine, task)),
  })),
  StartMessageMoveTask: write(requests.startMove, ({ moves }, tx, { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond }) => {
    const { handle } = moves.start(tx, {
      source: queueNameOf(SourceArn),
      ...(DestinationArn !== undefined && { destination: queueNameOf(DestinationArn) }),
      ...(MaxNumberOfMessagesPerSecond !== undefined && { perSecond: MaxNumberOfMessagesPerSecond }),
    });
    return { TaskHandle: handle };
  }),
  CancelMessageMoveTask: write(requests.cancelMove, ({ moves }, tx, { TaskHandle }) => ({
    ApproximateNumberOfMessagesMoved: moves.cancel(tx, TaskHandle).moved,
  })),
};

function describeMove(engine: QueuesEngine, task: MoveTask): JsonObject {
  return {
    ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: arnOf(engine, task.source),
    ...(task.destination !== undefined && { DestinationArn: arnOf(engine, task.destination) }),
    MaxNumberOfMessagesPerSecond: task.perSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    StartedTimestamp: task.startedMs,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
  };
}
