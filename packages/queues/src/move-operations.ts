/** SQS's operations that move messages out of dead-letter queues. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { arnOf, type QueuesEngine, read, write } from "./engine.ts";
import type { MoveTask } from "./move-tasks.ts";
import { queueNameOf } from "./queue-config.ts";
import { whole } from "./request.ts";

const StartMessageMoveTask = z.object({
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: whole(1, 500, "Must be between 1 and 500, if provided.").optional(),
});
const CancelMessageMoveTask = z.object({ TaskHandle: z.string() });
const ListMessageMoveTasks = z.object({
  SourceArn: z.string(),
  MaxResults: whole(1, 10, "Must be between 1 and 10, if provided.").optional(),
});

/** Those that start, stop and list such tasks. */
export const moveOperations = {
  ListMessageMoveTasks: read(ListMessageMoveTasks, (engine, view, { SourceArn, MaxResults = 1 }) => ({
    Results: engine.moves.list(view, queueNameOf(SourceArn), MaxResults).map((task) => describeMove(engine, task)),
  })),
  StartMessageMoveTask: write(StartMessageMoveTask, ({ moves }, tx, { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond }) => {
    const { handle } = moves.start(tx, {
      source: queueNameOf(SourceArn),
      ...(DestinationArn !== undefined && { destination: queueNameOf(DestinationArn) }),
      ...(MaxNumberOfMessagesPerSecond !== undefined && { perSecond: MaxNumberOfMessagesPerSecond }),
    });
    return { TaskHandle: handle };
  }),
  CancelMessageMoveTask: write(CancelMessageMoveTask, ({ moves }, tx, { TaskHandle }) => ({
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
