import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { BucketError } from "./bucket-error.ts";
import type { Buckets } from "./buckets.ts";
import { createItemReader } from "./read-items.ts";

/** One bucket, whose only object holds `text`. */
function reading(text: string, config: JsonObject, more: JsonObject = {}): Promise<JsonValue> {
  const buckets: Buckets = {
    async get(bucket, key) {
      if (bucket !== "menu") throw new BucketError("NoSuchBucket", "none");
      if (key !== "items") throw new BucketError("NoSuchKey", "none");
      return Buffer.from(text);
    },
    put: async () => {},
    list: async (_bucket, prefix) => [{ key: `${prefix}1`, size: 3, modifiedMs: 1_700_000_000_500 }],
  };
  const Parameters = { Bucket: "menu", Key: "items" };
  return createItemReader(buckets)({ Resource: "arn:aws:states:::s3:getObject", ReaderConfig: config, Parameters, ...more });
}

const csv = 'name,size\r\nLatte,2\n\n"Flat, white",3,extra\n"the ""house"""';

test.each<{ name: string; text: string; config: JsonObject; gives: JsonValue }>([
  { name: "JSON", text: '[1,{"a":2}]', config: { InputType: "JSON" }, gives: [1, { a: 2 }] },
  { name: "JSON at a pointer", text: '{"a/b":{"c":[7]}}', config: { InputType: "JSON", ItemsPointer: "/a~1b/c" }, gives: [7] },
  { name: "JSON Lines", text: '{"a":1}\n\n[2]\r\n3', config: { InputType: "JSONL" }, gives: [{ a: 1 }, [2], 3] },
  {
    name: "CSV with its headers",
    text: csv,
    config: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
    gives: [
      { name: "Latte", size: "2" },
      { name: "Flat, white", size: "3" },
      { name: 'the "house"', size: "" },
    ],
  },
  {
    name: "CSV with headers given, and another delimiter",
    text: "Latte|2\nMocha|3",
    config: { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["drink"], CSVDelimiter: "PIPE" },
    gives: [{ drink: "Latte" }, { drink: "Mocha" }],
  },
])("$name", async ({ text, config, gives }) => expect(await reading(text, config)).toEqual(gives));

test("a header that is a name of every object is a name like any other", async () => {
  const [item] = (await reading("__proto__\nx", { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" })) as JsonObject[];
  expect(Object.keys(item as JsonObject)).toEqual(["__proto__"]);
});

test("objects are listed as S3 lists them", async () => {
  expect(await reading("", {}, { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "menu", Prefix: "p/" } })).toEqual([
    { Etag: expect.stringMatching(/^"[0-9a-f]{32}"$/), Key: "p/1", LastModified: 1_700_000_000, Size: 3, StorageClass: "STANDARD" },
  ]);
});

test.each<{ name: string; config?: JsonObject; text?: string; more?: JsonObject; cause: string }>([
  { name: "no list", config: { InputType: "JSON" }, text: "{}", cause: "non-iterable" },
  { name: "no JSON", config: { InputType: "JSON" }, text: "[1", cause: "is not JSON" },
  { name: "one bad line", config: { InputType: "JSONL" }, text: "1\n}", cause: "line 2" },
  { name: "no header location", config: { InputType: "CSV" }, cause: "CSVHeaderLocation" },
  { name: "no headers", config: { InputType: "CSV", CSVHeaderLocation: "GIVEN" }, cause: "CSVHeaders" },
  { name: "a type there is not", config: { InputType: "PARQUET" }, cause: '"PARQUET", expected CSV, JSON or JSONL' },
  { name: "no key", more: { Parameters: { Bucket: "menu" } }, cause: "'Key' is missing" },
  { name: "another key", more: { Parameters: { Bucket: "menu", Key: "x" } }, cause: "NoSuchKey" },
  { name: "another resource", more: { Resource: "arn:aws:states:::s3:putObject" }, cause: "putObject" },
])("$name fails the reading", async ({ config = { InputType: "JSON" }, text = "[]", more = {}, cause }) => {
  await expect(reading(text, config, more)).rejects.toMatchObject({
    error: "States.ItemReaderFailed",
    cause: expect.stringContaining(cause),
  });
});

test("there are bounds to how many items a Map takes, unless it has its own", async () => {
  const many = JSON.stringify(Array.from({ length: 10_001 }, (_, i) => i));
  await expect(reading(many, { InputType: "JSON" })).rejects.toMatchObject({ cause: expect.stringContaining("10001 items") });
  expect(await reading(many, { InputType: "JSON", MaxItems: 5 })).toHaveLength(10_001);
});
