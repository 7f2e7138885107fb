/** Archives as EventBridge has them: named views of the one archive, by bus, pattern and age. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import type { Place } from "./envelope.ts";
import { EventBusError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";

export interface Archive {
  readonly name: string;
  readonly busName: string;
  readonly eventPattern?: string;
  readonly description?: string;
  readonly retentionDays: number;
  readonly createdMs: number;
}

/** What an archive holds. */
export interface ArchiveCount {
  readonly events: number;
  readonly bytes: number;
}

const archiveKey = (name: string): Key => kinds.archives.key(name);

export const putArchive = (tx: Transaction, archive: Archive): void => tx.put(archiveKey(archive.name), archive);
export const removeArchive = (tx: Transaction, name: string): void => tx.delete(archiveKey(name));
export const listArchives = (view: ReadView): Archive[] => view.scan<Archive>(kinds.archives.range()).map(([, archive]) => archive);
export const hasArchive = (view: ReadView, name: string): boolean => view.get(archiveKey(name)) !== undefined;

/** @throws {EventBusError} `ResourceNotFoundException` */
export function getArchive(view: ReadView, name: string): Archive {
  const archive = view.get<Archive>(archiveKey(name));
  if (archive !== undefined) return archive;
  throw new EventBusError("ResourceNotFoundException", `Archive ${name} does not exist.`);
}

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
