/**
 * What a distributed Map's `ResultWriter` writes: a manifest, and a file for the children of each end there was. Written again
 * after a crash, they are the same files.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type MapRunResults, TaskError } from "@serverlesspresso/workflow";
import { z } from "zod";
import { BucketError } from "./bucket-error.ts";
import type { Buckets } from "./buckets.ts";
import { parse } from "./parse.ts";

const Writer = z.object({
  Resource: z.string().optional(),
  WriterConfig: z
    .object({
      Transformation: z.enum(["NONE", "COMPACT", "FLATTEN"]).default("NONE"),
      OutputType: z.enum(["JSON", "JSONL"]).default("JSON"),
    })
    .default({ Transformation: "NONE", OutputType: "JSON" }),
});
const Place = z.object({ Bucket: z.string(), Prefix: z.string().default("") });
const Child = z.object({
  name: z.string().optional(),
  status: z.enum(["SUCCEEDED", "FAILED"]),
  input: z.json(),
  startMs: z.number(),
  stopMs: z.number(),
  output: z.json().optional(),
  failure: z.object({ Error: z.string().nullish(), Cause: z.string().nullish() }).optional(),
});
type Child = z.infer<typeof Child>;
type Config = z.infer<typeof Writer>["WriterConfig"];
interface Entry {
  readonly child: Child;
  readonly record: JsonObject;
}

/** Writes the results, or answers them where no place to write is given. Rejects with `States.ResultWriterFailed`. */
export function createResultWriter(buckets: Buckets): (writer: JsonObject, results: MapRunResults) => Promise<JsonValue> {
  return async (request, { mapRunArn, children }) => {
    const { Resource, WriterConfig: config } = parse(Writer, request, failure);
    const entries = children.map((child, index) => entryOf(parse(Child, child, failure), mapRunArn, index));
    if (Resource === undefined) return transformed(entries, config);
    if (!Resource.endsWith(":s3:putObject")) throw failure(`The resource '${Resource}' is not one to write results with`);
    const place = parse(Place, request.Parameters ?? request.Arguments ?? {}, failure);
    try {
      return await write(buckets, place, mapRunArn, entries, config);
    } catch (error) {
      throw error instanceof BucketError ? failure(`${error.code}: ${error.message}`) : error;
    }
  };
}

async function write(
  buckets: Buckets,
  { Bucket, Prefix }: z.infer<typeof Place>,
  mapRunArn: string,
  entries: readonly Entry[],
  config: Config,
): Promise<JsonObject> {
  const folder = [...(Prefix === "" ? [] : [Prefix.replace(/\/$/, "")]), mapRunArn.slice(mapRunArn.lastIndexOf(":") + 1)].join("/");
  const ResultFiles: Record<string, JsonObject[]> = { FAILED: [], PENDING: [], SUCCEEDED: [] };
  for (const status of ["FAILED", "SUCCEEDED"] as const) {
    const ended = entries.filter(({ child }) => child.status === status);
    if (ended.length === 0) continue;
    const body = textOf(transformed(ended, config), config);
    const Key = `${folder}/${status}_0.${config.OutputType.toLowerCase()}`;
    await buckets.put(Bucket, Key, body);
    ResultFiles[status]?.push({ Key, Size: Buffer.byteLength(body) });
  }
  const Key = `${folder}/manifest.json`;
  // Last of all, so that what it names is there.
  await buckets.put(Bucket, Key, JSON.stringify({ DestinationBucket: Bucket, MapRunArn: mapRunArn, ResultFiles }));
  return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket, Key } };
}

/** As the writer's configuration has it; failures stay whole. */
function transformed(entries: readonly Entry[], { Transformation }: Config): JsonValue[] {
  return entries.flatMap(({ child, record }): JsonValue[] => {
    if (Transformation === "NONE" || child.status === "FAILED") return [record];
    const output = child.output ?? null;
    return Transformation === "FLATTEN" && Array.isArray(output) ? output : [output];
  });
}

function textOf(values: readonly JsonValue[], { OutputType }: Config): string {
  return OutputType === "JSON" ? JSON.stringify(values) : values.map((value) => JSON.stringify(value)).join("\n");
}

/** A child as the execution that it is. One begun by an earlier release has no name: it follows from its run and its place there. */
function entryOf(child: Child, mapRunArn: string, index: number): Entry {
  const [, machine = "", label = ""] = /:mapRun:([^/:]+)\/([^:]+):/.exec(mapRunArn) ?? [];
  const base = mapRunArn.slice(0, mapRunArn.indexOf(":mapRun:"));
  const { name = uuidOf(`${mapRunArn} ${index}`), status, input, startMs, stopMs, output, failure: fault } = child;
  const ending: JsonObject =
    status === "SUCCEEDED"
      ? { Output: JSON.stringify(output ?? null), OutputDetails: { Included: true } }
      : { ...(fault?.Cause != null && { Cause: fault.Cause }), ...(fault?.Error != null && { Error: fault.Error }) };
  const record: JsonObject = {
    ExecutionArn: `${base}:execution:${machine}/${label}:${name}`,
    Input: JSON.stringify(input),
    InputDetails: { Included: true },
    Name: name,
    ...ending,
    StartDate: new Date(startMs).toISOString(),
    StateMachineArn: `${base}:stateMachine:${machine}/${label}`,
    Status: status,
    StopDate: new Date(stopMs).toISOString(),
  };
  return { child, record };
}

function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

function failure(cause: string): TaskError {
  return new TaskError("States.ResultWriterFailed", cause);
}
