/** EventBridge's operations on archives. */
import { parsePattern } from "@serverlesspresso/event-patterns";
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import { type Archive, describeArchive, getArchive, hasArchive, listArchives, putArchive, removeArchive } from "./archives.ts";
import { type BusEngine, list, read, write } from "./engine.ts";
import { EventBusError } from "./errors.ts";
import { busNameOf } from "./put-events-request.ts";
import { Description, page } from "./request.ts";
import { removeTags } from "./tags.ts";

const options = {
  Description,
  EventPattern: z.string().max(4096).optional(),
  RetentionDays: z.int().min(0).max(2_147_483_647).optional(),
};
const CreateArchive = z.object({
  ArchiveName: z
    .string()
    .min(1)
    .max(48)
    .regex(/^[.\-_A-Za-z0-9]+$/),
  EventSourceArn: z.string().min(1),
  ...options,
});
const UpdateArchive = z.object({ ArchiveName: z.string().min(1), ...options });
const ByArchive = z.object({ ArchiveName: z.string().min(1) });
const ListArchives = z.object({ NamePrefix: z.string().optional(), EventSourceArn: z.string().optional(), ...page });

/** The operations on archives. */
export const archiveOperations = {
  DescribeArchive: read(ByArchive, (engine, view, { ArchiveName }) => describe(engine, view, getArchive(view, ArchiveName))),
  ListArchives: list(ListArchives, (engine, view, { NamePrefix = "", EventSourceArn }, page) => {
    const found = listArchives(view).filter(
      ({ name, busName }) => name.startsWith(NamePrefix) && (EventSourceArn === undefined || busName === busNameOf(EventSourceArn)),
    );
    const { items, next } = page.cut(found);
    return { Archives: items.map((archive) => describe(engine, view, archive)), ...next };
  }),
  CreateArchive: write(CreateArchive, (engine, tx, request) => {
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
  UpdateArchive: write(UpdateArchive, (engine, tx, { ArchiveName, EventPattern, Description, RetentionDays }) => {
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
  DeleteArchive: write(ByArchive, (engine, tx, { ArchiveName }) => {
    const { name } = getArchive(tx, ArchiveName);
    removeArchive(tx, name);
    removeTags(tx, arnOf(engine, name));
    return {};
  }),
};

function arnOf({ region, account }: BusEngine, name: string): string {
  return `arn:aws:events:${region}:${account}:archive/${name}`;
}

function describe(engine: BusEngine, view: ReadView, archive: Archive): JsonObject {
  return describeArchive(archive, engine, engine.countArchive(view, archive));
}
