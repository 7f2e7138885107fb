/** An import over tables in memory: what it writes, what it leaves, what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BatchWriteItemCommand, type DynamoDBClient, DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import { blueprint, blueprintOf } from "@serverlesspresso/blueprint";
import { names, namesOf } from "@serverlesspresso/contract";
import { services } from "@serverlesspresso/services";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { barTablesOf } from "./bar-tables.ts";
import { type Entry, writeDataFile } from "./data-file.ts";
import { importData } from "./import.ts";
import { createMoveTables, type MoveTables } from "./tables.ts";
import { printItem, readItem, type WireItem } from "./wire-item.ts";

const { keyNames } = barTablesOf();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "import-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const order = (id: string, state = "COMPLETED"): Entry => ({
  table: names.orderTable,
  item: { PK: { S: "orders" }, SK: { S: id }, ORDERSTATE: { S: state } },
});
const counter = (value: number): Entry => ({ table: names.countingTable, item: { PK: { S: "orderID" }, IDvalue: { N: `${value}` } } });
const config = (most: number): Entry => ({ table: names.configTable, item: { PK: { S: "config" }, maxOrdersInQueue: { N: `${most}` } } });
const seeds: Entry[] = blueprint.seed.map(({ tableName, item }) => ({ table: tableName, item: readItem(item) }));
const keyOf = ({ table, item }: Entry): string => JSON.stringify([table, keyNames(table).map((name) => item[name])]);

/** Tables in a map. `writesBefore` is when the process is as good as killed. */
function inMemory(before: readonly Entry[], writesBefore = Number.POSITIVE_INFINITY) {
  const held = new Map(before.map((entry) => [keyOf(entry), entry]));
  let writes = 0;
  const put = (entry: Entry): void => {
    if (writes >= writesBefore) throw new Error("killed");
    writes += 1;
    held.set(keyOf(entry), entry);
  };
  const tables: MoveTables = {
    checkTable: async () => {},
    async *scan() {},
    read: async (entries) => entries.map((entry) => held.get(keyOf(entry))?.item),
    async putIf(entry, { values }) {
      const found = held.get(keyOf(entry));
      const value = values[":value"]?.N;
      const isSeed =
        found !== undefined &&
        Object.keys(values).some((name) => name.startsWith(":a")) &&
        seeds.some((seed) => printItem(seed.item) === printItem(found.item));
      const mayPut = found === undefined || (value === undefined ? isSeed : Number(found.item.IDvalue?.N) < Number(value));
      if (mayPut) put(entry);
      return mayPut ? undefined : (found as Entry).item;
    },
    putAll: async (entries) => entries.forEach(put),
  };
  const texts = (): string[] => [...held.values()].map(({ item }) => printItem(item)).sort();
  return { tables, texts, writes: () => writes, add: put };
}
async function file(entries: readonly Entry[]): Promise<string> {
  const path = join(folder, "bar.jsonl");
  async function* all(): AsyncGenerator<Entry> {
    yield* entries;
  }
  await writeDataFile(
    path,
    blueprint.tables.map(({ name }) => name),
    all(),
    "2026-01-01T00:00:00.000Z",
  );
  return path;
}
const printed = (entries: readonly Entry[]): string[] => entries.map(({ item }) => printItem(item)).sort();
const moved = [config(12), counter(7), ...Array.from({ length: 60 }, (_, i) => order(`o${i}`))];

test("a bar of another name takes files with its own tables alone", async () => {
  const bar = barTablesOf(blueprintOf(services, namesOf("annexe")));
  const { tables } = inMemory([]);
  await expect(importData(tables, await file(moved), { overwrite: false, bar })).rejects.toThrow(
    /^the file has a table serverlesspresso-\S+, which the bar has not$/,
  );
  expect(bar.keyNames("annexe-order-table")).toEqual(keyNames(names.orderTable));
});

test("a new bar takes everything, its seed giving way; a second time nothing is left to do (I3)", async () => {
  const bar = inMemory(seeds);
  const path = await file(moved);
  await importData(bar.tables, path, { overwrite: false });
  expect(bar.texts()).toEqual(printed([...moved, ...seeds.filter(({ item }) => item.PK?.S === "menu")]));
  const writes = bar.writes();
  const report = await importData(bar.tables, path, { overwrite: false });
  expect([bar.writes(), report.get(names.orderTable)]).toEqual([writes, { written: 0, there: 60, kept: 0 }]);
});

test.each([false, true])("stopped after any write and done again, it ends the same (overwrite %s)", async (overwrite) => {
  const path = await file(moved);
  for (let stop = 0; stop < moved.length; stop += 9) {
    const bar = inMemory(seeds, stop);
    await expect(importData(bar.tables, path, { overwrite })).rejects.toThrow("killed");
    const again = inMemory([]);
    for (const text of bar.texts()) {
      const item = readItem(JSON.parse(text));
      again.add({ table: item.SK ? names.orderTable : item.IDvalue ? names.countingTable : names.configTable, item });
    }
    await importData(again.tables, path, { overwrite });
    expect(again.texts()).toEqual(expect.arrayContaining(printed(moved)));
    expect(again.texts()).toHaveLength(moved.length + 1);
  }
});

describe("what stands in the way", () => {
  const inTheWay = order("o59", "CANCELLED");
  test("refuses everything before anything is written (I2)", async () => {
    const bar = inMemory([...seeds, inTheWay]);
    await expect(importData(bar.tables, await file(moved), { overwrite: false })).rejects.toThrow(
      /There already and different: 1 of the file's items; nothing was written[\s\S]*o59/,
    );
    expect(bar.writes()).toBe(0);
  });
  test("gives way where that is asked for", async () => {
    const bar = inMemory([...seeds, inTheWay]);
    await importData(bar.tables, await file(moved), { overwrite: true });
    expect(bar.texts()).toEqual(expect.arrayContaining(printed(moved)));
  });
  test("is told where it came meanwhile", async () => {
    const bar = inMemory([...seeds.filter(({ item }) => item.PK?.S === "menu"), config(99)]);
    // Both looks come before the other's write.
    const tables: MoveTables = { ...bar.tables, read: async (entries) => entries.map(() => undefined) };
    const path = await file([order("o1"), config(12)]);
    await expect(importData(tables, path, { overwrite: false })).rejects.toThrow(/somebody writes to these tables/);
    expect(bar.texts()).toContain(printItem(config(99).item));
  });
});

test.each([false, true])("the counter of order numbers never goes back (I4, overwrite %s)", async (overwrite) => {
  for (const [there, after, kept] of [
    [20, 20, 1],
    [3, 7, 0],
  ] as const) {
    const bar = inMemory([counter(there)]);
    const report = await importData(bar.tables, await file([counter(7)]), { overwrite });
    expect(bar.texts()).toEqual(printed([counter(after)]));
    expect(report.get(names.countingTable)?.kept).toBe(kept);
  }
});

test("a file that is not whole, or of other tables, writes nothing (I1)", async () => {
  const bar = inMemory(seeds);
  const path = await file(moved);
  writeFileSync(path, "{}");
  await expect(importData(bar.tables, path, { overwrite: true })).rejects.toThrow(/no header/);
  await writeDataFile(path, ["beans"], (async function* () {})(), "");
  await expect(importData(bar.tables, path, { overwrite: true })).rejects.toThrow(/beans, which the bar has not/);
  expect(bar.writes()).toBe(0);
});

describe("what DynamoDB leaves undone", () => {
  const pauses: number[] = [];
  const waiting = { pause: async (ms: number) => void pauses.push(ms), random: () => 0.5 };
  const entries = [order("a"), order("b"), order("c")];

  /** Takes one item of each batch. */
  function slow(takes: number) {
    const taken: WireItem[] = [];
    const send = async ({ input }: BatchWriteItemCommand) => {
      const requests = input.RequestItems?.[names.orderTable] ?? [];
      taken.push(...requests.slice(0, takes).map(({ PutRequest }) => PutRequest?.Item as WireItem));
      const left = requests.slice(takes);
      return { UnprocessedItems: left.length === 0 ? {} : { [names.orderTable]: left } };
    };
    return { client: { send } as unknown as Pick<DynamoDBClient, "send">, taken };
  }

  test("is sent again, more slowly each time, until all is written", async () => {
    const { client, taken } = slow(1);
    await createMoveTables(client, keyNames, waiting).putAll(entries);
    expect(taken.map((item) => item.SK?.S)).toEqual(["a", "b", "c"]);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses).toHaveLength(2);
  });

  test("is given up at last, in words", async () => {
    const { client } = slow(0);
    await expect(createMoveTables(client, keyNames, waiting).putAll(entries)).rejects.toThrow(/left undone 12 times/);
  });

  test("a failure of another kind is told as it is", async () => {
    const error = new DynamoDBServiceException({ name: "AccessDeniedException", message: "no", $fault: "client", $metadata: {} });
    const send = async () => Promise.reject(error);
    const tables = createMoveTables({ send } as never, keyNames, waiting);
    await expect(tables.putIf(entries[0] as Entry, { expression: "x", names: {}, values: {} })).rejects.toBe(error);
  });
});
