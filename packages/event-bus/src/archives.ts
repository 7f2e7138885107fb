/**
 * Archives of EventBridge: named views of the one archive, by bus, pattern and age.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import type { Place } from "./envelope.ts";
import { EventBusError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";

/** An archive as it is stored. `retentionDays` 0 keeps events for ever. */
export interface Archive {
  readonly name: string;
  readonly busName: string;
  readonly eventPattern?: string;
  readonly description?: string;
  readonly retentionDays: number;
  readonly createdMs: number;
}

/** How many events an archive holds, and their size in bytes of JSON. */
export interface ArchiveCount {
  readonly events: number;
  readonly bytes: number;
}

const archiveKey = (name: string): Key => kinds.archives.key(name);

/** Stores an archive, in place of one with its name. */
export const putArchive = (tx: Transaction, archive: Archive): void => tx.put(archiveKey(archive.name), archive);
/** Deletes an archive; the events stay. */
export const removeArchive = (tx: Transaction, name: string): void => tx.delete(archiveKey(name));
/** Returns all archives in the order of their names. */
export const listArchives = (view: ReadView): Archive[] => view.scan<Archive>(kinds.archives.range()).map(([, archive]) => archive);
/** Returns true if an archive of that name exists. */
export const hasArchive = (view: ReadView, name: string): boolean => view.get(archiveKey(name)) !== undefined;

/** Returns an archive by its name. @throws {EventBusError} `ResourceNotFoundException` */
export function getArchive(view: ReadView, name: string): Archive {
  const archive = view.get<Archive>(archiveKey(name));
  if (archive !== undefined) return archive;
  throw new EventBusError("ResourceNotFoundException", `Archive ${name} does not exist.`);
}

/**
 * Returns the response of DescribeArchive.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeArchive.html
 */
export function describeArchive(archive: Archive, { account, region }: Place, { events, bytes }: ArchiveCount): JsonObject {
  return {
    ArchiveName: archive.name,
    ArchiveArn: `arn:aws:events:${region}:${account}:archive/${archive.name}`,
    EventSourceArn: `arn:aws:events:${region}:${account}:event-bus/${archive.busName}`,
    ...(archive.eventPattern !== undefined && { EventPattern: archive.eventPattern }),
    ...(archive.description !== undefined && { Description: archive.description }),
    State: "ENABLED",
    RetentionDays: archive.retentionDays,
    EventCount: events,
    SizeBytes: bytes,
    CreationTime: archive.createdMs / 1000,
  };
}
