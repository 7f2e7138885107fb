/** EventBridge's operations on replays. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { keptFromMs } from "./archive.ts";
import { getArchive } from "./archives.ts";
import { list, read, write } from "./engine.ts";
import { invalid } from "./errors.ts";
import { busNameOf } from "./put-events-request.ts";
import { describeReplay } from "./replays.ts";
import { Description, Name, page } from "./request.ts";

/** The latest time that a `Date` can hold, in milliseconds since the epoch. */
const lastInstantMs = 8.64e15;
/** Parses seconds since the epoch (AWS's JSON protocol) or ISO 8601 to milliseconds since the epoch. */
const Instant = z
  .union([z.number().transform((seconds) => seconds * 1000), z.string().transform((text) => Date.parse(text))])
  .pipe(z.number("Member must be a timestamp").min(-lastInstantMs).max(lastInstantMs));
const StartReplay = z.object({
  ReplayName: Name,
  Description,
  EventSourceArn: z.string().min(1),
  EventStartTime: Instant,
  EventEndTime: Instant,
  Destination: z.object({ Arn: z.string().min(1), FilterArns: z.array(z.string()).optional() }),
});
const ByReplay = z.object({ ReplayName: z.string().min(1) });
const ListReplays = z.object({
  NamePrefix: z.string().optional(),
  State: z.string().optional(),
  EventSourceArn: z.string().optional(),
  ...page,
});

/** The operations that start, cancel, describe and list replays. */
export const replayOperations = {
  DescribeReplay: read(ByReplay, (engine, view, { ReplayName }) => describeReplay(engine.replays.get(view, ReplayName), engine)),
  ListReplays: list(ListReplays, (engine, view, { NamePrefix = "", State, EventSourceArn }, page) => {
    const found = engine.replays
      .list(view)
      .filter(({ name, state }) => name.startsWith(NamePrefix) && (State === undefined || state === State))
      .map((replay) => describeReplay(replay, engine))
      .filter((replay) => EventSourceArn === undefined || replay.EventSourceArn === EventSourceArn);
    const { items, next } = page.cut(found);
    return { Replays: items, ...next };
  }),
  StartReplay: write(StartReplay, (engine, tx, request) => {
    const { clock, replays } = engine;
    const archive = getArchive(tx, lastPart(request.EventSourceArn));
    if (busNameOf(request.Destination.Arn) !== archive.busName)
      throw invalid("Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.");
    const { eventPattern } = archive;
    replays.start(tx, {
      name: request.ReplayName,
      busName: archive.busName,
      fromMs: Math.max(request.EventStartTime, keptFromMs(archive, clock.nowMs())),
      toMs: request.EventEndTime,
      ...(eventPattern !== undefined && { eventPattern }),
      ...(request.Destination.FilterArns !== undefined && { ruleNames: request.Destination.FilterArns.map(lastPart) }),
      ...(request.Description !== undefined && { description: request.Description }),
      archiveName: archive.name,
    });
    return answerOf(describeReplay(replays.get(tx, request.ReplayName), engine));
  }),
  CancelReplay: write(ByReplay, (engine, tx, { ReplayName }) => answerOf(describeReplay(engine.replays.cancel(tx, ReplayName), engine))),
};

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

function answerOf({ ReplayArn, State, ReplayStartTime }: JsonObject): JsonObject {
  return { ReplayArn: ReplayArn as string, State: State as string, ReplayStartTime: ReplayStartTime as number };
}
