/**
 * What days of a bar leave: robots at sixty times the pace beside retention of a day, the process's memory and the folder as the hours pass,
 * then, without robots, what is still there once all is quiet. `npm run bench -- days [HOURS]`: 4 hours of the shop; an hour takes a minute.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import { UsageError } from "@serverlesspresso/commands";
import { names } from "@serverlesspresso/contract";
import { type StoreSurvey, surveyStore } from "@serverlesspresso/store";
// Whatever writes records declares their kinds.
import "../platforms/local/src/platform.ts";
import { type Server, startServer } from "../test/support/server.ts";
import { type BenchOptions, count, onNewFolder, printTable } from "./measure.ts";
import { megabytesOf } from "./process-figures.ts";

const clockRate = 60;
const hourMs = 3_600_000 / clockRate;
/** An order waits for its drink and its barista 20 minutes at most; what is delivered again waits longer. */
const quietHours = 3;
const environment = {
  ROBOTS: "20",
  KEEP: "executions=1,archive=1,logs=1",
  RATE_LIMIT_FACTOR: "1",
  // As `npm start` runs it.
  NODE_OPTIONS: "--max-semi-space-size=32",
};

/** Plays the hours of the shop that are named, 4 without, and prints two tables. @throws {UsageError} */
export async function run({ parts: [hours = "4"] }: BenchOptions): Promise<void> {
  const last = Number(hours);
  if (!(last > 0)) throw new UsageError(`the hours are "${hours}", expected a number above 0`);
  await onNewFolder(async (dataFolder) => {
    const before = await quiet(dataFolder);
    const rows: string[][] = [];
    const server = await startServer({ dataFolder, clockRate, environment });
    const begunMs = performance.now();
    try {
      for (let hour = 0; hour < last; ) {
        hour = Math.min(last, hour + Math.max(1, Math.round(last / 12)));
        await passed(Math.max(0, begunMs + hour * hourMs - performance.now()));
        rows.push([`${hour}`, ...memoryOf(server.pid), ...(await folderOf(server))]);
        console.error(rows.at(-1)?.join("  "));
      }
    } finally {
      await server.stop();
    }
    printTable(
      `a bar with robots, ${last} hours of the shop`,
      ["hour", "own memory", "mapped", "orders", "store", "in use", "an order", "records"],
      rows,
    );
    printLeft(before, await quiet(dataFolder));
  });
}

/** The folder after some hours without guests. */
async function quiet(dataFolder: string): Promise<StoreSurvey> {
  const server = await startServer({ dataFolder, clockRate });
  await passed(quietHours * hourMs);
  await server.stop();
  return await surveyStore(dataFolder);
}

/** Megabytes of the process: of its own, and of files the kernel may drop. */
function memoryOf(pid: number): string[] {
  return ["RssAnon", "RssFile"].map((name) => `${Math.round(megabytesOf(pid, name))} MB`);
}

async function folderOf(server: Server): Promise<string[]> {
  const { fileBytes, usedBytes, kinds } = await surveyStore(server.dataFolder);
  const orders = await countOrders(server);
  return [
    count(orders),
    ...[fileBytes, usedBytes].map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`),
    `${(fileBytes / 1_000 / orders).toFixed(1)} kB`,
    count(kinds.reduce((sum, { records }) => sum + records, 0)),
  ];
}

/** With the folder's own key: the order table counted by its partition. */
async function countOrders({ url, dataFolder }: Server): Promise<number> {
  const key = (name: string): string =>
    new RegExp(`${name} = (\\S+)`).exec(readFileSync(join(dataFolder, "aws-credentials"), "utf8"))?.[1] ?? "";
  const credentials = { accessKeyId: key("aws_access_key_id"), secretAccessKey: key("aws_secret_access_key") };
  const client = new DynamoDBClient({ endpoint: url, region: "us-east-1", credentials });
  const query = {
    TableName: names.orderTable,
    KeyConditionExpression: "PK = :orders",
    ExpressionAttributeValues: { ":orders": { S: "orders" } },
    Select: "COUNT",
  } as const;
  let orders = 0;
  for await (const { Count = 0 } of paginateQuery({ client }, query)) orders += Count;
  return orders;
}

/** Work that is still there: records that stay only while something needs them. */
function printLeft(before: StoreSurvey, after: StoreSurvey): void {
  const rows = after.kinds
    .filter(({ kind }) => kind === undefined || kind.kept === "while needed")
    .map(({ kind, records }) => [
      kind?.holds ?? "unknown",
      count(before.kinds.find((other) => other.kind === kind)?.records ?? 0),
      count(records),
    ]);
  printTable("kept while needed", ["", "in a new folder", "left when all is quiet"], rows);
}
