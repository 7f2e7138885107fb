/** Tables on a clock that stands still, for the tests beside this file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import { createTables, type TablesEngine } from "./tables.ts";
import type { TableStreamRecord } from "./writer.ts";

/** The tables engine over a temporary store, with what a test moves and reads. */
export interface TestTables {
  readonly store: Store;
  readonly clock: ManualClock;
  /** What the streams told, in order. */
  readonly records: TableStreamRecord[];
  tables: TablesEngine;
  /** Runs one operation in a transaction of its own. */
  run(operation: string, request: JsonObject): Promise<JsonObject>;
  /** Opens the tables anew, as after a restart. */
  reopen(): void;
  close(): Promise<void>;
}

/** Opens empty tables in a folder of their own. */
export async function openTestTables(): Promise<TestTables> {
  const folder = mkdtempSync(join(tmpdir(), "tables-"));
  const onError = (error: unknown): void => {
    throw error;
  };
  const store = await openStore({ folder, onFailure: onError });
  const clock = createManualClock();
  const records: TableStreamRecord[] = [];
  const open = (): TablesEngine =>
    createTables({
      store,
      clock,
      ids: createIds(clock),
      account: "123456789012",
      region: "us-east-1",
      onStreamRecords: (_, __, more) => records.push(...more),
      onError,
    });
  const test: TestTables = {
    store,
    clock,
    records,
    tables: open(),
    run: (operation, request) => store.transact((tx) => test.tables.execute(tx, operation, request)),
    reopen() {
      test.tables.stop();
      test.tables = open();
    },
    async close() {
      test.tables.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return test;
}

/** A `CreateTable` request: attributes as `name:type`, the sort key may be absent; indexes by name. */
export function tableRequest(
  TableName: string,
  keys: readonly string[],
  indexes: Readonly<Record<string, readonly string[]>> = {},
): JsonObject {
  const parsed = (attribute: string): [string, string] => attribute.split(":") as [string, string];
  const schema = (attributes: readonly string[]): JsonObject[] =>
    attributes.map((attribute, at) => ({ AttributeName: parsed(attribute)[0], KeyType: at === 0 ? "HASH" : "RANGE" }));
  const used = new Map([keys, ...Object.values(indexes)].flat().map(parsed));
  const globals = Object.entries(indexes).map(([IndexName, attributes]) => ({
    IndexName,
    KeySchema: schema(attributes),
    Projection: { ProjectionType: "ALL" },
  }));
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...used].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: schema(keys),
    ...(globals.length === 0 ? {} : { GlobalSecondaryIndexes: globals }),
  };
}
