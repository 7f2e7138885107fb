import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Entry, readDataFile, verifyDataFile, writeDataFile } from "./data-file.ts";
import { printItem, readItem, sameItem } from "./wire-item.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "data-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entries: Entry[] = [
  { table: "config", item: { PK: { S: "menu" }, value: { L: [{ M: { drink: { S: "Latte\u2028\u2029\r" } } }, { NULL: true }] } } },
  { table: "orders", item: { PK: { S: "orders" }, SK: { S: "1" }, photo: { B: new Uint8Array([0, 255]) }, tags: { SS: ["b", "a"] } } },
  { table: "orders", item: { PK: { S: "orders" }, SK: { S: "2" }, total: { N: "12345678901234567890" }, open: { BOOL: false } } },
];
async function* all(of: readonly Entry[]): AsyncGenerator<Entry> {
  yield* of;
}
async function write(): Promise<string> {
  const path = join(folder, "bar.jsonl");
  await writeDataFile(path, ["config", "orders", "metrics"], all(entries), "2026-01-01T00:00:00.000Z");
  return path;
}

test("what is written is read, and the header tells what there is (M1)", async () => {
  const path = await write();
  expect(await verifyDataFile(path)).toMatchObject({ version: 1, tables: { config: 1, orders: 2, metrics: 0 } });
  const read: Entry[] = [];
  for await (const entry of readDataFile(path)) read.push(entry);
  expect(read.map(({ table }) => table)).toEqual(["config", "orders", "orders"]);
  for (const [at, { item }] of read.entries()) expect(sameItem(item, (entries[at] as Entry).item)).toBe(true);
});

test("a write that fails leaves nothing behind (M2)", async () => {
  async function* failing(): AsyncGenerator<Entry> {
    yield* entries;
    throw new Error("the table is gone");
  }
  for (let time = 0; time < 20; time++) {
    await expect(writeDataFile(join(folder, "bar.jsonl"), [], failing(), "")).rejects.toThrow("the table is gone");
    expect(readdirSync(folder)).toEqual([]);
  }
});

test("wherever a file is cut off, it is refused (M3)", async () => {
  const path = await write();
  const text = readFileSync(path);
  for (let length = 0; length < text.length - 1; length += 7) {
    writeFileSync(path, text.subarray(0, length));
    await expect(verifyDataFile(path), `${length} of ${text.length} bytes`).rejects.toThrow(/is empty|no header|not whole/);
  }
});

test.each([
  { name: "changed", edit: (text: string) => text.replace("Latte", "Mocha"), words: /checksum differs/ },
  { name: "with a line of another table", edit: (text: string) => `${text}{"table":"beans","item":{}}\n`, words: /items of beans/ },
  {
    name: "with a line more",
    edit: (text: string) => `${text}{"table":"config","item":{}}\n`,
    words: /config has 2 items, its header says 1/,
  },
  { name: "of a later version", edit: (text: string) => text.replace('"version":1', '"version":2'), words: /version 2, expected 1/ },
  { name: "of something else", edit: () => "hello\n", words: /its first line is no header/ },
])("a file $name is refused", async ({ edit, words }) => {
  const path = await write();
  writeFileSync(path, edit(readFileSync(path, "utf8")));
  await expect(verifyDataFile(path)).rejects.toThrow(words);
});

test("an item's text reads back as the item, and equal items have equal texts", () => {
  const leaf = fc.oneof(
    fc.string().map((S) => ({ S })),
    fc.integer().map((n) => ({ N: `${n}` })),
    fc.uint8Array().map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((SS) => ({ SS })),
    fc.constant({ NULL: true as const }),
  );
  const name = fc.string().filter((text) => text !== "__proto__");
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value")).map((L) => ({ L })),
      fc.dictionary(name, tie("value")).map((M) => ({ M })),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(name, value), (item) => {
      const text = printItem(item as never);
      expect(printItem(readItem(JSON.parse(text)))).toBe(text);
      expect(printItem(Object.fromEntries(Object.entries(item).reverse()) as never)).toBe(text);
    }),
  );
});
