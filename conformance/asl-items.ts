/** The items an ItemReader reads from a mocked S3. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type ItemReaderConfig, ItemsError, readerItems, type Stimulus, type WaitId } from "@serverlesspresso/states-language";

type Buckets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function readItems(wait: WaitId, reader: JsonObject, s3: Buckets): Stimulus {
  const parameters = (reader.Parameters ?? reader.Arguments ?? {}) as JsonObject;
  const config = (reader.ReaderConfig ?? {}) as ItemReaderConfig;
  const bucket = s3[String(parameters.Bucket)] ?? {};
  if (String(reader.Resource).includes("listObjects"))
    return { kind: "taskSucceeded", wait, output: listing(bucket, String(parameters.Prefix ?? "")) };
  const text = bucket[String(parameters.Key)];
  if (text === undefined) return { kind: "taskFailed", wait, error: "States.ItemReaderFailed", cause: "The specified key does not exist." };
  try {
    return { kind: "taskSucceeded", wait, output: readerItems(text, config, String(parameters.Key)) };
  } catch (error) {
    if (!(error instanceof ItemsError)) throw error;
    return { kind: "taskFailed", wait, error: "States.ItemReaderFailed", cause: error.message };
  }
}

function listing(bucket: Readonly<Record<string, string>>, prefix: string): JsonValue {
  return Object.entries(bucket)
    .filter(([key]) => key.startsWith(prefix))
    .map(([Key, text]) => ({ Etag: "", Key, LastModified: 0, Size: Buffer.byteLength(text), StorageClass: "STANDARD" }));
}
