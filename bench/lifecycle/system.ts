/** The engine with the tables and the bus it works with, on one store, as the local platform wires them. */

import { createIds, createSystemClock } from "@serverlesspresso/clock";
import { names } from "@serverlesspresso/contract";
import { createEventBus } from "@serverlesspresso/event-bus";
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import { createTables, type TablesEngine } from "@serverlesspresso/tables";
import { createWorkflows, type Integration, type Integrations, type Workflows } from "@serverlesspresso/workflow";
import { createShopFeed, type ShopFeed } from "../../platforms/local/src/feed.ts";
import { lifecycleDefinition } from "./definition.ts";

const place = { account: "123456789012", region: "us-east-1" };
export const stateMachineArn = `arn:aws:states:${place.region}:${place.account}:stateMachine:${names.orderProcessor}`;

export interface System {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tables: TablesEngine;
  readonly workflows: Workflows;
  readonly feed: ShopFeed;
  /** Starts an order; resolves with its first token, durably. */
  begin(orderId: string): Promise<string>;
  /** Completes a token's task; resolves once its execution has gone on, durably, with the next token where there is one. */
  answer(orderId: string, taskToken: string, output: JsonObject): Promise<string | undefined>;
  close(): Promise<void>;
}

/** @param isFed whether there is a feed to be watched, as the platform has one */
export async function openSystem(folder: string, wrap: (store: Store) => Store = (store) => store, isFed = true): Promise<System> {
  const store = wrap(await openStore({ folder, onFailure: fail }));
  const clock = createSystemClock();
  const base = { store, clock, ids: createIds(clock), ...place, onError: fail };
  const feed = createShopFeed();
  const { history, item, event, delivery } = feed.sources;
  const tables = createTables({ ...base, ...(isFed && { feed: item }) });
  const bus = createEventBus({ ...base, targets: {}, ...(isFed && { feed: { events: event, deliveries: delivery } }) });
  const tokens = new Map<string, string>();
  const inside = (
    call: (tx: Parameters<Extract<Integration, { kind: "transactional" }>["call"]>[0], parameters: JsonObject) => JsonObject,
  ): Integration => ({
    kind: "transactional",
    call,
  });
  const integrations: Integrations = {
    "dynamodb:getItem": inside((tx, parameters) => tables.execute(tx, "GetItem", parameters)),
    "dynamodb:updateItem": inside((tx, parameters) => tables.execute(tx, "UpdateItem", parameters)),
    "events:putEvents": inside((tx, parameters) => {
      const [{ Detail }] = (parameters as unknown as { Entries: [{ Detail: { orderId: string; TaskToken?: string } }] }).Entries;
      if (Detail.TaskToken !== undefined) tx.afterCommit(() => void tokens.set(Detail.orderId, Detail.TaskToken as string));
      return bus.putEvents(tx, parameters);
    }),
  };
  const workflows = createWorkflows({
    ...base,
    ...(isFed && { feed: history }),
    integrations: () => integrations,
    invokeFunction: () => Promise.reject(new Error("no functions here")),
    evaluator: { evaluateNow: () => ({ kind: "pending" }), evaluate: () => Promise.reject(new Error("no JSONata here")) },
  });
  await store.transact((tx) => {
    const counting = names.countingTable;
    for (const TableName of [names.configTable, counting]) {
      tables.createTable(tx, {
        TableName,
        KeySchema: [{ AttributeName: "PK", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "PK", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      });
    }
    workflows.putStateMachine(tx, { name: names.orderProcessor, type: "STANDARD", definition: lifecycleDefinition });
    const known = tables.execute(tx, "GetItem", { TableName: counting, Key: { PK: { S: "orderID" } } }).Item;
    if (known !== undefined) return;
    bus.execute(tx, "CreateEventBus", { Name: names.bus });
    tables.execute(tx, "PutItem", { TableName: counting, Item: { PK: { S: "orderID" }, IDvalue: { N: "0" } } });
    const config = { PK: { S: "config" }, storeOpen: { BOOL: true }, maxOrdersInQueue: { N: "20" }, maxOrdersPerUser: { N: "1" } };
    tables.execute(tx, "PutItem", { TableName: names.configTable, Item: config });
  });
  workflows.start();
  const take = (orderId: string): string | undefined => {
    const token = tokens.get(orderId);
    tokens.delete(orderId);
    return token;
  };
  return {
    store,
    clock,
    ids: base.ids,
    tables,
    workflows,
    feed,
    async begin(orderId) {
      const input = JSON.stringify({
        detail: { orderId, userId: "user-7f3a", Message: "A guest has a place.", bucket: { start: 1, end: 2 } },
      });
      await store.transact((tx) => workflows.execute(tx, "StartExecution", { stateMachineArn, name: orderId, input }));
      return take(orderId) as string;
    },
    async answer(orderId, taskToken, output) {
      await store.transact((tx) => workflows.execute(tx, "SendTaskSuccess", { taskToken, output: JSON.stringify(output) }));
      return take(orderId);
    },
    async close() {
      workflows.stop();
      await store.close();
    },
  };
}

export const drinkOrder: JsonObject = {
  drinkOrder: { drink: "Cappuccino", icon: "barista-icons_cappuccino-alternative", modifiers: ["Oat"] },
};
export const verdict: JsonObject = { outcome: "completed", baristaUserId: "barista-2" };

function fail(error: unknown, what = ""): never {
  console.error(what, error);
  process.exit(1);
}
