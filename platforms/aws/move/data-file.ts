/**
 * A bar's data in one file: a header, then a line of DynamoDB JSON for each item.
 *
 * M1. The header has the version of the format, the number of items of each table, and the SHA-256 of the rest of the file.
 * M2. A file is complete under its name or absent: it is written under another name and renamed. Files are opened before anything can fail,
 *     because a file opened later would be created after the clean-up.
 * M3. A file is read to its end and checked against its header before any item is used.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { printItem, readItem, type WireItem } from "./wire-item.ts";

const format = "serverlesspresso-data";
const version = 1;

const Header = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  madeAt: z.string(),
  tables: z.record(z.string(), z.int().nonnegative()),
  sha256: z.string(),
});
const Line = z.strictObject({ table: z.string(), item: z.unknown() });
/** The first line of a file (M1). `madeAt` is an ISO 8601 timestamp; `tables` has the number of items by table. */
export type DataHeader = z.infer<typeof Header>;

/** An item and the name of its table. */
export interface Entry {
  readonly table: string;
  readonly item: WireItem;
}

/** The file is damaged, incomplete or of another format; none of its items was used. */
export class DataFileError extends Error {
  override readonly name = "DataFileError";
}

/** Writes the entries to a file and resolves to its header (M2). @param madeAt an ISO 8601 timestamp */
export async function writeDataFile(
  path: string,
  tableNames: readonly string[],
  entries: AsyncIterable<Entry>,
  madeAt: string,
): Promise<DataHeader> {
  const [body, whole] = [`${path}.items`, `${path}.partial`];
  try {
    const { tables, sha256 } = await writeLines(body, tableNames, entries);
    const header: DataHeader = { format, version, madeAt, tables, sha256 };
    const parts = async function* () {
      yield `${JSON.stringify(header)}\n`;
      yield* createReadStream(body);
    };
    await pipeline(parts, (await open(whole, "w", 0o600)).createWriteStream({ flush: true }));
    await rename(whole, path);
    return header;
  } finally {
    await Promise.all([body, whole].map((file) => rm(file, { force: true })));
  }
}

async function writeLines(path: string, tableNames: readonly string[], entries: AsyncIterable<Entry>) {
  const tables = Object.fromEntries(tableNames.map((name) => [name, 0]));
  const hash = createHash("sha256");
  const lines = async function* () {
    for await (const { table, item } of entries) {
      const line = `{"table":${JSON.stringify(table)},"item":${printItem(item)}}\n`;
      tables[table] = (tables[table] ?? 0) + 1;
      hash.update(line);
      yield line;
    }
  };
  await pipeline(lines, (await open(path, "w", 0o600)).createWriteStream());
  return { tables, sha256: hash.digest("hex") };
}

/** Reads the whole file and resolves to its header (M3). @throws {DataFileError} if the file is not what its header says */
export async function verifyDataFile(path: string): Promise<DataHeader> {
  const hash = createHash("sha256");
  const counts = new Map<string, number>();
  let header: DataHeader | undefined;
  for await (const line of linesOf(path)) {
    if (header === undefined) {
      header = headerOf(path, line);
      continue;
    }
    hash.update(`${line}\n`);
    const { table } = entryOf(path, line);
    counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  if (header === undefined) throw new DataFileError(`${path} is empty`);
  checkCounts(path, header, counts);
  if (hash.digest("hex") !== header.sha256) throw new DataFileError(`${path} was changed after it was written: its checksum differs`);
  return header;
}

function checkCounts(path: string, { tables }: DataHeader, counts: ReadonlyMap<string, number>): void {
  const stray = [...counts.keys()].find((name) => tables[name] === undefined);
  if (stray !== undefined) throw new DataFileError(`${path} has items of ${stray}, which its header does not name`);
  for (const [name, expected] of Object.entries(tables)) {
    const found = counts.get(name) ?? 0;
    if (found !== expected) throw new DataFileError(`${path} is not whole: ${name} has ${found} items, its header says ${expected}`);
  }
}

/** Yields the items of a verified file, in its order. @throws {DataFileError} */
export async function* readDataFile(path: string): AsyncGenerator<Entry> {
  let isHeader = true;
  for await (const line of linesOf(path)) {
    if (!isHeader) yield entryOf(path, line);
    isHeader = false;
  }
}

/** Yields lines. Only a line feed ends a line: a guest's note may contain Unicode's other line separators. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    const lines = `${rest}${chunk as string}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function headerOf(path: string, line: string): DataHeader {
  const header = Header.safeParse(parsed(line));
  if (header.success) return header.data;
  const { format: found, version: other } = (parsed(line) ?? {}) as { format?: unknown; version?: unknown };
  if (found === format && other !== version) throw new DataFileError(`${path} has version ${String(other)}, expected ${version}`);
  throw new DataFileError(`${path} is not a bar's data: its first line is no header`);
}

function entryOf(path: string, line: string): Entry {
  try {
    const { table, item } = Line.parse(JSON.parse(line));
    return { table, item: readItem(item) };
  } catch (error) {
    throw new DataFileError(`${path} is not whole: a line is no item`, { cause: error });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
