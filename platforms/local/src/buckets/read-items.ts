/**
 * What a distributed Map's `ItemReader` reads: the objects of a bucket, or the items in one of them.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { ItemsError, readerItems } from "@serverlesspresso/states-language";
import { TaskError } from "@serverlesspresso/workflow";
import { z } from "zod";
import { BucketError } from "./bucket-error.ts";
import type { Buckets, ObjectSummary } from "./buckets.ts";
import { parse } from "./parse.ts";

const mib = 1024 * 1024;
/** All items of a Map live in its execution's record, which is written again with each step. */
const mostBytes = 8 * mib;
const mostItems = 10_000;

const ReaderConfig = z.object({
  InputType: z.string().optional(),
  CSVHeaderLocation: z.enum(["FIRST_ROW", "GIVEN"]).optional(),
  CSVHeaders: z.array(z.string()).optional(),
  CSVDelimiter: z.enum(["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]).default("COMMA"),
  ItemsPointer: z.string().optional(),
  MaxItems: z.union([z.number(), z.string()]).optional(),
  MaxItemsPath: z.string().optional(),
});
const Reader = z.object({
  Resource: z.string(),
  ReaderConfig: ReaderConfig.default({ CSVDelimiter: "COMMA" }),
});
const Place = z.object({ Bucket: z.string(), Key: z.string().optional(), Prefix: z.string().optional() });
type Config = z.infer<typeof ReaderConfig>;

/** Reads the items. Rejects with `States.ItemReaderFailed`. */
export function createItemReader(buckets: Buckets): (reader: JsonObject) => Promise<JsonValue> {
  return async (request) => {
    try {
      const { items, isLimited } = await read(buckets, request);
      if (items.length <= mostItems || isLimited) return items;
      throw failure(`There are ${items.length} items, expected at most ${mostItems} here`);
    } catch (error) {
      throw error instanceof BucketError ? failure(`${error.code}: ${error.message}`) : error;
    }
  };
}

/** `isLimited`: the state itself takes no more of them than it says. */
async function read(buckets: Buckets, request: JsonObject): Promise<{ readonly items: readonly JsonValue[]; readonly isLimited: boolean }> {
  const { Resource, ReaderConfig: config } = parse(Reader, request, failure);
  const items = await itemsOf(buckets, request, Resource, config);
  return { items, isLimited: config.MaxItems !== undefined || config.MaxItemsPath !== undefined };
}

async function itemsOf(buckets: Buckets, request: JsonObject, Resource: string, config: Config): Promise<readonly JsonValue[]> {
  const { Bucket, Key, Prefix = "" } = parse(Place, request.Parameters ?? request.Arguments ?? {}, failure);
  if (Resource.endsWith(":s3:listObjectsV2")) return (await buckets.list(Bucket, Prefix)).map(itemOf);
  if (!Resource.endsWith(":s3:getObject")) throw failure(`The resource '${Resource}' is not one to read items with`);
  if (Key === undefined) throw failure("The field 'Key' is missing");
  const text = (await buckets.get(Bucket, Key, mostBytes)).toString("utf8");
  try {
    return readerItems(text, config, `${Bucket}/${Key}`);
  } catch (error) {
    throw error instanceof ItemsError ? failure(error.message) : error;
  }
}

function itemOf({ key, size, modifiedMs }: ObjectSummary): JsonObject {
  const etag = createHash("md5").update(`${key} ${size} ${modifiedMs}`).digest("hex");
  return { Etag: `"${etag}"`, Key: key, LastModified: Math.floor(modifiedMs / 1000), Size: size, StorageClass: "STANDARD" };
}

function failure(cause: string): TaskError {
  return new TaskError("States.ItemReaderFailed", cause);
}
