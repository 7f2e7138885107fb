/**
 * What a crowd of phones costs: to connect, to receive a change, and to come back all at once after `kill -9`, each with its own user's token
 * over a connection of its own, and without any patience. Beside it a bare WebSocket server that takes the same bytes and answers with the same
 * frames. `npm run bench -- phones [PHONES ...]`: 100, 1,000 and 5,000.
 */
import { UsageError } from "@serverlesspresso/commands";
import { names } from "@serverlesspresso/contract";
import { callApi, type Person, signInAdmin, signInGuest } from "../test/support/api.ts";
import { freePort, startServer } from "../test/support/server.ts";
import { type BenchOptions, count, milliseconds, onNewFolder, printTable } from "./measure.ts";
import { type Crowd, startCrowd } from "./phones/crowd.ts";
import type { Bodies } from "./phones/floor.ts";
import { type Level, measureLevel } from "./phones/measure-level.ts";
import type { Login } from "./phones/messages.ts";
import { barOf, floorOf, type Subject } from "./phones/subject.ts";

const usualLevels = [100, 1_000, 5_000];
const quickLevels = [100];
/** What one address may hold. */
const mostPhones = 5_500;
/** A link and a connection for each phone, and what a process has open besides. */
const filesOf = (phones: number): number => 2 * phones + 500;
const signInsAtOnce = 16;

/** What one run works with. */
interface Prepared {
  readonly admin: Person;
  readonly logins: readonly Login[];
  readonly bodies: Bodies;
}

/** Measures each number of phones on the bar and on the floor, and prints two tables. @throws {UsageError} */
export async function run({ parts, isQuick }: BenchOptions): Promise<void> {
  const levels = parts.length === 0 ? (isQuick ? quickLevels : usualLevels) : parts.map(levelOf);
  checkOpenFiles(Math.max(...levels));
  await onNewFolder(async (folder) => {
    const port = await freePort();
    const { admin, logins, bodies } = await prepare(folder, port, Math.max(...levels));
    const rows: [name: string, level: Level][] = [];
    for (const level of levels) {
      for (const subject of [barOf(folder, port, admin), floorOf(port, bodies)]) {
        rows.push([nameOf(subject, level), await withCrowd((crowd) => measureLevel(subject, crowd, logins.slice(0, level), admin.token))]);
      }
    }
    printTable("Phones that connect, and a change of the config that all are told", linkHead, rows.map(linkRow));
    printTable("All at once after kill -9, and what GET /orders takes meanwhile", restartHead, rows.map(restartRow));
  });
}

const nameOf = ({ name }: Subject, level: number): string => `${count(level)}, ${name}`;

function levelOf(text: string): number {
  const level = Number(text.replace(",", ""));
  if (Number.isInteger(level) && level > 0 && level <= mostPhones) return level;
  throw new UsageError(`the number of phones is "${text}", expected one from 1 to ${count(mostPhones)}`);
}

function checkOpenFiles(phones: number): void {
  const { hard } = (process.report.getReport() as { userLimits: { open_files: { hard: number | "unlimited" } } }).userLimits.open_files;
  if (hard === "unlimited" || hard >= filesOf(phones)) return;
  throw new UsageError(
    `a process may have ${hard} files open here, ${count(phones)} phones need ${filesOf(phones)}: raise it by ulimit -n`,
  );
}

/** Signs the phones' users in, which no limit holds up here. */
async function prepare(dataFolder: string, port: number, phones: number): Promise<Prepared> {
  const server = await startServer({ dataFolder, port });
  try {
    const admin = await signInAdmin(server.url);
    const logins: Login[] = [];
    const signIn = async (): Promise<void> => {
      while (logins.length < phones) {
        const at = logins.length;
        logins.length += 1;
        const { token, sub } = await signInGuest(server.url);
        logins[at] = { token, topics: [names.configTopic, names.userTopicPrefix + sub] };
      }
    };
    await Promise.all(Array.from({ length: signInsAtOnce }, signIn));
    const textOf = async (path: string): Promise<string> => JSON.stringify((await callApi(server.url, logins[0]?.token, "GET", path)).body);
    return { admin, logins, bodies: { config: await textOf("/config"), orders: await textOf("/myOrders") } };
  } finally {
    await server.stop();
  }
}

async function withCrowd<T>(work: (crowd: Crowd) => Promise<T>): Promise<T> {
  const crowd = startCrowd();
  try {
    return await work(crowd);
  } finally {
    crowd.end();
  }
}

const inMegabytes = (megabytes: number): string => `${Math.round(megabytes)} MB`;
const linkHead = ["phones", "link, processor", "its reads", "RSS a phone", "RSS", "first told", "last told", "processor"];

function linkRow([name, level]: readonly [string, Level]): string[] {
  const { linkProcessorMs, readProcessorMs, megabytesPerPhone, megabytesInAll, fanOut } = level;
  return [
    name,
    milliseconds(linkProcessorMs),
    milliseconds(readProcessorMs),
    `${(megabytesPerPhone * 1_024).toFixed(1)} kB`,
    inMegabytes(megabytesInAll),
    milliseconds(fanOut.firstMs),
    milliseconds(fanOut.lastMs),
    milliseconds(fanOut.processorMs),
  ];
}

const restartHead = [
  "phones",
  "all true after kill",
  "after it serves",
  "processor a phone",
  "RSS",
  "calls p50",
  "p99",
  "failed",
  "tried again",
];

function restartRow([name, { restart }]: readonly [string, Level]): string[] {
  const { fromKillMs, fromServingMs, processorMs, megabytes, refused, calls } = restart;
  const again = Object.entries(refused).map(([reason, number]) => `${count(number)} × ${reason}`);
  return [
    name,
    milliseconds(fromKillMs),
    milliseconds(fromServingMs),
    milliseconds(processorMs),
    inMegabytes(megabytes),
    milliseconds(calls.p50),
    milliseconds(calls.p99),
    count(calls.failed),
    again.join(", ") || "–",
  ];
}
