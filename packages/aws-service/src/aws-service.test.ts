import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Key, keyOf, openStore, rangeOf, type Store, type Transaction } from "@serverlesspresso/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type AwsCaller, AwsServiceError, absenceTable, absent, callOperation, defineAwsService, operationsOn } from "./index.ts";

interface Shelf {
  readonly room: number;
}
const cupKey = (name: string): Key => keyOf("cup", name);
const { list, read, wait, write } = operationsOn<Shelf>();
const Name = z.string().min(1).max(8);
const service = defineAwsService<Shelf>({
  name: "Shelf",
  target: "Shelf_20260101",
  signingNames: ["shelf"],
  sdk: { service: "shelf", errors: "Shelf" },
  protocol: "json-1.1",
  mostBytes: 1024,
  errors: { invalid: ({ path, value, constraint }) => new AwsServiceError("BadCup", `${path}=${JSON.stringify(value)}: ${constraint}`) },
  paging: { token: "NextToken", most: 1, refuse: () => new AwsServiceError("BadToken", "No such page.") },
  outOfScope: "a shelf has no more",
  operations: {
    PutCup: write(z.object({ Cup: z.object({ Name }) }), ({ room }, tx, { Cup }) => {
      tx.put(cupKey(Cup.Name), Cup);
      if (tx.keys(rangeOf("cup")).length > room) throw new AwsServiceError("ShelfFull", "There is no room.", { data: { Room: room } });
      return { Name: Cup.Name };
    }),
    GetCup: read(z.object({ Name }), (_shelf, view, { Name }) => {
      const cup = view.get<{ Name: string }>(cupKey(Name));
      if (cup === undefined) throw new AwsServiceError("NoSuchCup", `No cup ${Name}.`);
      return cup;
    }),
    ListCups: list(z.object({}), (_shelf, view, _request, page) => {
      const { items, next } = page.cut(view.scan<{ Name: string }>(rangeOf("cup")).map(([, { Name }]) => Name));
      return { Names: items, ...next };
    }),
    ListRooms: list(z.object({}), ({ room }) => ({ Rooms: [room] })),
    AwaitCup: wait(z.object({ Name }), async ({ room }, { Name }, { address }) => ({ Name, room, address })),
    TakeCup: write(z.object({ Name }), () => ({ took: "at once" }), {
      wait: async (_shelf, request) => ({ took: "after a while", ...request }),
    }),
    ...absent("cups are kept", ["BreakCup", "MendCup"]),
  },
});

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "aws-service-"));
  store = await openStore({ folder, onFailure: (error) => expect.unreachable(String(error)) });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const shelf = service.on({ room: 2 });
const caller: AwsCaller = { address: "::1", origin: "http://shelf", signal: new AbortController().signal };
const call = (name: string, request = {}) => callOperation(store, shelf, name, request, caller);

test("D2: reads and writes over the wire, and what failed has written nothing", async () => {
  expect(await call("PutCup", { Cup: { Name: "a" } })).toEqual({ Name: "a" });
  expect(await call("PutCup", { Cup: { Name: "b" } })).toEqual({ Name: "b" });
  await expect(call("PutCup", { Cup: { Name: "c" } })).rejects.toMatchObject({ name: "ShelfFull", code: "ShelfFull", data: { Room: 2 } });
  expect(await call("GetCup", { Name: "b" })).toEqual({ Name: "b" });
  await expect(call("GetCup", { Name: "c" })).rejects.toMatchObject({ code: "NoSuchCup", data: {} });
});

test("D2: what is noted beside an operation is in its transaction, after what it wrote, and undone with it", async () => {
  const key = keyOf("noted");
  const note = (tx: Transaction): void => tx.put(key, shelf.query(tx, "GetCup", { Name: "a" }));
  await callOperation(store, shelf, "PutCup", { Cup: { Name: "a" } }, caller, note);
  expect(store.get(key)).toEqual({ Name: "a" });
  await expect(callOperation(store, shelf, "PutCup", { Cup: { Name: "d" } }, caller, (tx) => tx.put(key, "refused"))).rejects.toThrow();
  expect(store.get(key)).toEqual({ Name: "a" });
});

test("D2: reads without a transaction, and writes nothing there", () => {
  expect(shelf.query(store, "GetCup", { Name: "a" })).toEqual({ Name: "a" });
  expect(() => shelf.query(store, "PutCup", { Cup: { Name: "a" } })).toThrow("The operation PutCup is not supported.");
});

test("D1: refuses in the service's words, before anything is written", async () => {
  await expect(call("PutCup", { Cup: { Name: "" } })).rejects.toMatchObject({
    code: "BadCup",
    message: 'Cup.Name="": Member must have length greater than or equal to 1',
  });
  await expect(call("AwaitCup")).rejects.toMatchObject({ code: "BadCup" });
});

test("pages", async () => {
  const { Names, NextToken } = await call("ListCups");
  expect(Names).toEqual(["a"]);
  expect(await call("ListCups", { NextToken })).toEqual({ Names: ["b"] });
  await expect(call("ListCups", { NextToken: "1" })).rejects.toMatchObject({ code: "BadToken" });
});

test("P2: a bad token is refused, also where an operation has one page alone", async () => {
  expect(await call("ListRooms")).toEqual({ Rooms: [2] });
  await expect(call("ListRooms", { NextToken: "1" })).rejects.toMatchObject({ code: "BadToken" });
});

test("D3: what waits is told who calls; a write that may wait does so over the wire alone", async () => {
  expect(await call("AwaitCup", { Name: "a" })).toEqual({ Name: "a", room: 2, address: "::1" });
  expect(await call("TakeCup", { Name: "a" })).toEqual({ took: "after a while", Name: "a" });
  expect(await store.transact((tx) => shelf.execute(tx, "TakeCup", { Name: "a" }))).toEqual({ took: "at once" });
  await expect(store.transact((tx) => shelf.execute(tx, "AwaitCup", { Name: "a" }))).rejects.toMatchObject({
    code: "UnknownOperationException",
  });
});

test("what AWS has and the service has not is no operation, and has its reason", async () => {
  expect(service.absent).toEqual({ BreakCup: "cups are kept", MendCup: "cups are kept" });
  expect(Object.keys(service.operations)).not.toContain("BreakCup");
  await expect(call("BreakCup")).rejects.toMatchObject({ code: "UnknownOperationException" });
  expect(absenceTable([service])).toContain(
    "| Shelf | `BreakCup`, `MendCup` | cups are kept |\n| Shelf | the others | a shelf has no more |",
  );
});

test.each(["Dance", "__proto__", "constructor", "toString"])("D4: %s is no operation", async (name) => {
  const unknown = { code: "UnknownOperationException" };
  await expect(call(name)).rejects.toMatchObject(unknown);
  await expect(shelf.wait(name, {}, caller)).rejects.toMatchObject(unknown);
  expect(() => shelf.query(store, name, {})).toThrow(`The operation ${name} is not supported.`);
});

test("QM1, QM2, QM3: what a query needs to know stands in the schemas", () => {
  const of = (Sizes: z.ZodType) =>
    defineAwsService<Shelf>({
      ...{ name: "Old", target: "Old", signingNames: ["old"], sdk: { service: "old", errors: "Old" }, protocol: "query", mostBytes: 1 },
      query: { version: "1", namespace: "urn:old", lists: {}, numbers: ["Inner"] },
      errors: service.errors,
      operations: { Find: read(z.object({ Sizes, Room: z.int().optional(), IsFree: z.boolean().optional() }), () => ({})) },
    }).query;
  const Sizes = z.array(z.string());
  const shapes = { lists: { Size: "Sizes" }, numbers: ["Inner", "Room"], booleans: ["IsFree"] };
  expect(of(Sizes.meta({ queryName: "Size" }).optional())).toMatchObject(shapes);
  expect(of(Sizes.optional().meta({ queryName: "Size" }))).toMatchObject(shapes);
  expect(() => of(Sizes)).toThrow("Old Find: the list Sizes has no name for the query protocol");
});
