/**
 * Batches of up to ten entries.
 *
 * B1. A batch is refused whole for what concerns it whole: no entry, too many, ids that repeat or have another form, too many bytes.
 * B2. Otherwise each entry is done on its own: a wrong one fails alone.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { QueueError } from "./errors.ts";
import { getConfig, queueNameOf } from "./queue-config.ts";
import { QueueUrl } from "./request.ts";

const mostEntries = 10;
const mostBytes = 1_048_576;

/** A batch. Its entries are parsed one by one, since each may fail alone; an entry's id is the caller's. */
export const Batch = z.object({ QueueUrl, Entries: z.array(z.looseObject({ Id: z.string() })) });
/** The same as a value. */
export type Batch = z.infer<typeof Batch>;
type Entry = Batch["Entries"][number];

/** @param kind the entry's name, e.g. `SendMessageBatchRequestEntry` @throws {QueueError} as B1 says */
export function checkBatch(batch: readonly Entry[], kind: string): void {
  if (batch.length === 0) throw new QueueError("EmptyBatchRequest", `There should be at least one ${kind} in the request.`);
  if (batch.length > mostEntries) {
    throw new QueueError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${mostEntries}. You have sent ${batch.length}.`,
    );
  }
  const ids = batch.map(({ Id }) => Id);
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    throw new QueueError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new QueueError("BatchEntryIdsNotDistinct", `Id ${repeated} repeated.`);
}

/** @throws {QueueError} `BatchRequestTooLong` */
export function checkBatchBytes(bytes: number): void {
  if (bytes <= mostBytes) return;
  throw new QueueError("BatchRequestTooLong", `Batch requests cannot be longer than ${mostBytes} bytes. You have sent ${bytes} bytes.`);
}

/** Does the entries of a batch (B2), the queue found and the batch checked (B1). */
export function inBatch(
  tx: Transaction,
  { QueueUrl, Entries }: Batch,
  operation: string,
  act: (name: string, entry: Entry) => JsonObject,
): JsonObject {
  const { name } = getConfig(tx, queueNameOf(QueueUrl));
  checkBatch(Entries, `${operation}RequestEntry`);
  return doEach(tx, Entries, (entry) => act(name, entry));
}

function doEach(tx: Transaction, entries: readonly Entry[], act: (entry: Entry) => JsonObject | undefined): JsonObject {
  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...tx.savepoint(() => act(entry)) });
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      Failed.push({ Id: entry.Id, Code: entryCodes[error.code] ?? error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

// An entry's code is text, so SQS kept its first protocol's names there.
const entryCodes: Readonly<Partial<Record<string, string>>> = {
  InvalidParameterValueException: "InvalidParameterValue",
  MissingRequiredParameterException: "MissingParameter",
};
