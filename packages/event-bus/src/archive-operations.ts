/** The operations on archives and replays. */
import { parsePattern } from "@serverlesspresso/event-patterns";
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { keptFromMs } from "./archive.ts";
import { createArchiveCounts } from "./archive-counts.ts";
import { type Archive, describeArchive, getArchive, hasArchive, listArchives, putArchive, removeArchive } from "./archives.ts";
import { EventBusError } from "./errors.ts";
import type { OperationsOptions, Reading, Writing } from "./operation-types.ts";
import { busNameOf } from "./put-events-request.ts";
import { describeReplay } from "./replays.ts";
import { page, parseRequest, requests } from "./requests.ts";
import { removeTags } from "./tags.ts";

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

export function createArchiveOperations(options: OperationsOptions): { readonly reading: Reading; readonly writing: Writing } {
  const { book, clock, replays, account, region } = options;
  const count = createArchiveCounts(options);
  const arnOf = (name: string): string => `arn:aws:events:${region}:${account}:archive/${name}`;
  const describe = (view: ReadView, archive: Archive): JsonObject => describeArchive(archive, options, count(view, archive));

  const reading: Reading = {
    DescribeArchive: (view, request) => describe(view, getArchive(view, parseRequest(requests.oneArchive, request).ArchiveName)),
    ListArchives(view, request) {
      const parsed = parseRequest(requests.listArchives, request);
      const { NamePrefix = "", EventSourceArn } = parsed;
      const found = listArchives(view).filter(
        ({ name, busName }) => name.startsWith(NamePrefix) && (EventSourceArn === undefined || busName === busNameOf(EventSourceArn)),
      );
      const { items, next } = page(found, parsed);
      return { Archives: items.map((archive) => describe(view, archive)), ...next };
    },
    DescribeReplay: (view, request) => describeReplay(replays.get(view, parseRequest(requests.oneReplay, request).ReplayName), options),
    ListReplays(view, request) {
      const parsed = parseRequest(requests.listReplays, request);
      const { NamePrefix = "", State, EventSourceArn } = parsed;
      const found = replays
        .list(view)
        .filter(({ name, state }) => name.startsWith(NamePrefix) && (State === undefined || state === State))
        .map((replay) => describeReplay(replay, options))
        .filter((replay) => EventSourceArn === undefined || replay.EventSourceArn === EventSourceArn);
      const { items, next } = page(found, parsed);
      return { Replays: items, ...next };
    },
  };

  const writing: Writing = {
    CreateArchive(tx, request) {
      const parsed = parseRequest(requests.createArchive, request);
      const { ArchiveName: name, EventPattern: eventPattern, Description: description, RetentionDays: retentionDays = 0 } = parsed;
      const busName = busNameOf(parsed.EventSourceArn);
      if (!book.hasBus(tx, busName)) throw new EventBusError("ResourceNotFoundException", `Event bus ${busName} does not exist.`);
      if (hasArchive(tx, name)) throw new EventBusError("ResourceAlreadyExistsException", `Archive ${name} already exists.`);
      if (eventPattern !== undefined) parsePattern(eventPattern);
      const optional = { ...(eventPattern !== undefined && { eventPattern }), ...(description !== undefined && { description }) };
      putArchive(tx, { name, busName, ...optional, retentionDays, createdMs: clock.nowMs() });
      return { ArchiveArn: arnOf(name), State: "ENABLED", CreationTime: clock.nowMs() / 1000 };
    },
    UpdateArchive(tx, request) {
      const { ArchiveName, EventPattern, Description, RetentionDays } = parseRequest(requests.updateArchive, request);
      const before = getArchive(tx, ArchiveName);
      if (EventPattern !== undefined) parsePattern(EventPattern);
      putArchive(tx, {
        ...before,
        ...(EventPattern !== undefined && { eventPattern: EventPattern }),
        ...(Description !== undefined && { description: Description }),
        ...(RetentionDays !== undefined && { retentionDays: RetentionDays }),
      });
      return { ArchiveArn: arnOf(before.name), State: "ENABLED", CreationTime: before.createdMs / 1000 };
    },
    DeleteArchive(tx, request) {
      const { name } = getArchive(tx, parseRequest(requests.oneArchive, request).ArchiveName);
      removeArchive(tx, name);
      removeTags(tx, arnOf(name));
      return {};
    },
    StartReplay(tx, request) {
      const parsed = parseRequest(requests.startReplay, request);
      const archive = getArchive(tx, lastPart(parsed.EventSourceArn));
      if (busNameOf(parsed.Destination.Arn) !== archive.busName) {
        throw new EventBusError(
          "ValidationException",
          "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
        );
      }
      const { eventPattern } = archive;
      replays.start(tx, {
        name: parsed.ReplayName,
        busName: archive.busName,
        fromMs: Math.max(parsed.EventStartTime, keptFromMs(archive, clock.nowMs())),
        toMs: parsed.EventEndTime,
        ...(eventPattern !== undefined && { eventPattern }),
        ...(parsed.Destination.FilterArns !== undefined && { ruleNames: parsed.Destination.FilterArns.map(lastPart) }),
        ...(parsed.Description !== undefined && { description: parsed.Description }),
        archiveName: archive.name,
      });
      return answerOf(describeReplay(replays.get(tx, parsed.ReplayName), options));
    },
    CancelReplay(tx, request) {
      const replay = replays.cancel(tx, parseRequest(requests.oneReplay, request).ReplayName);
      return answerOf(describeReplay(replay, options));
    },
  };
  return { reading, writing };
}

function answerOf({ ReplayArn, State, ReplayStartTime }: JsonObject): JsonObject {
  return { ReplayArn: ReplayArn as string, State: State as string, ReplayStartTime: ReplayStartTime as number };
}
