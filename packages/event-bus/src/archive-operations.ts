/** EventBridge's operations on archives and replays. */
import { parsePattern } from "@serverlesspresso/event-patterns";
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { keptFromMs } from "./archive.ts";
import { type Archive, describeArchive, getArchive, hasArchive, listArchives, putArchive, removeArchive } from "./archives.ts";
import { type BusEngine, list, read, write } from "./engine.ts";
import { EventBusError, invalid } from "./errors.ts";
import { busNameOf } from "./put-events-request.ts";
import { describeReplay } from "./replays.ts";
import { requests } from "./requests.ts";
import { removeTags } from "./tags.ts";

/** The operations on archives, and those that start, cancel and list replays. */
export const archiveOperations = {
  DescribeArchive: read(requests.oneArchive, (engine, view, { ArchiveName }) => describe(engine, view, getArchive(view, ArchiveName))),
  ListArchives: list(requests.listArchives, (engine, view, { NamePrefix = "", EventSourceArn }, page) => {
    const found = listArchives(view).filter(
      ({ name, busName }) => name.startsWith(NamePrefix) && (EventSourceArn === undefined || busName === busNameOf(EventSourceArn)),
    );
    const { items, next } = page.cut(found);
    return { Archives: items.map((archive) => describe(engine, view, archive)), ...next };
  }),
  CreateArchive: write(requests.createArchive, (engine, tx, request) => {
    const { book, clock } = engine;
    const { ArchiveName: name, EventPattern: eventPattern, Description: description, RetentionDays: retentionDays = 0 } = request;
    const busName = busNameOf(request.EventSourceArn);
    if (!book.hasBus(tx, busName)) throw new EventBusError("ResourceNotFoundException", `Event bus ${busName} does not exist.`);
    if (hasArchive(tx, name)) throw new EventBusError("ResourceAlreadyExistsException", `Archive ${name} already exists.`);
    if (eventPattern !== undefined) parsePattern(eventPattern);
    const optional = { ...(eventPattern !== undefined && { eventPattern }), ...(description !== undefined && { description }) };
    putArchive(tx, { name, busName, ...optional, retentionDays, createdMs: clock.nowMs() });
    return { ArchiveArn: arnOf(engine, name), State: "ENABLED", CreationTime: clock.nowMs() / 1000 };
  }),
  UpdateArchive: write(requests.updateArchive, (engine, tx, { ArchiveName, EventPattern, Description, RetentionDays }) => {
    const before = getArchive(tx, ArchiveName);
    if (EventPattern !== undefined) parsePattern(EventPattern);
    putArchive(tx, {
      ...before,
      ...(EventPattern !== undefined && { eventPattern: EventPattern }),
      ...(Description !== undefined && { description: Description }),
      ...(RetentionDays !== undefined && { retentionDays: RetentionDays }),
    });
    return { ArchiveArn: arnOf(engine, before.name), State: "ENABLED", CreationTime: before.createdMs / 1000 };
  }),
  DeleteArchive: write(requests.oneArchive, (engine, tx, { ArchiveName }) => {
    const { name } = getArchive(tx, ArchiveName);
    removeArchive(tx, name);
    removeTags(tx, arnOf(engine, name));
    return {};
  }),
  DescribeReplay: read(requests.oneReplay, (engine, view, { ReplayName }) => describeReplay(engine.replays.get(view, ReplayName), engine)),
  ListReplays: list(requests.listReplays, (engine, view, { NamePrefix = "", State, EventSourceArn }, page) => {
    const found = engine.replays
      .list(view)
      .filter(({ name, state }) => name.startsWith(NamePrefix) && (State === undefined || state === State))
      .map((replay) => describeReplay(replay, engine))
      .filter((replay) => EventSourceArn === undefined || replay.EventSourceArn === EventSourceArn);
    const { items, next } = page.cut(found);
    return { Replays: items, ...next };
  }),
  StartReplay: write(requests.startReplay, (engine, tx, request) => {
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
  CancelReplay: write(requests.oneReplay, (engine, tx, { ReplayName }) =>
    answerOf(describeReplay(engine.replays.cancel(tx, ReplayName), engine)),
  ),
};

function arnOf({ region, account }: BusEngine, name: string): string {
  return `arn:aws:events:${region}:${account}:archive/${name}`;
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

function describe(engine: BusEngine, view: ReadView, archive: Archive): JsonObject {
  return describeArchive(archive, engine, engine.countArchive(view, archive));
}

function answerOf({ ReplayArn, State, ReplayStartTime }: JsonObject): JsonObject {
  return { ReplayArn: ReplayArn as string, State: State as string, ReplayStartTime: ReplayStartTime as number };
}
