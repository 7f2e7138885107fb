import { Config } from "@serverlesspresso/contract/api";
import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { getConfig, putConfig, putMenu, putStore } from "./change-config.ts";
import { configChanged } from "./config-changed.ts";
import { endPause } from "./end-pause.ts";
import { configSeed, menuSeed } from "./seed.ts";

/** The configuration of the shop. */
export const service = defineService(import.meta.url, "config", (names) => {
  const changing = [use.table(names.configTable, "GetItem", "UpdateItem")];
  const changed = { status: 200, description: "the configuration as it now is", schema: Config } as const;
  return {
    tables: [{ name: names.configTable, partitionKey: { name: "PK", type: "S" }, indexes: [], seed: [configSeed, menuSeed] }],
    streams: [{ table: names.configTable, function: "ConfigChanged", batchSize: 10, filter: { eventName: ["INSERT", "MODIFY"] } }],
    deadlines: [
      {
        name: "EndPause",
        description: "a pause of the shop is over",
        tableName: names.configTable,
        key: { PK: { S: "config" } },
        attribute: "reopensAt",
        function: "EndPause",
      },
    ],
    routes: [
      {
        operationId: "getConfig",
        summary: "Shop state, limits and menu",
        method: "GET",
        path: "/config",
        who: "public",
        function: "GetConfig",
        rateLimit: "read",
        success: { status: 200, description: "the configuration", schema: Config },
        problems: [],
      },
      {
        operationId: "putStore",
        summary: "Opens or closes the shop, or pauses it for some minutes",
        method: "PUT",
        path: "/store",
        who: "admin",
        function: "PutStore",
        rateLimit: "act",
        success: changed,
        problems: [],
      },
      {
        operationId: "putConfig",
        summary: "Changes limits",
        method: "PUT",
        path: "/config",
        who: "admin",
        function: "PutConfig",
        rateLimit: "act",
        success: changed,
        problems: ["invalid-body"],
      },
      {
        operationId: "putMenu",
        summary: "Replaces the menu; `available: false` is sold out",
        method: "PUT",
        path: "/menu",
        who: "admin",
        function: "PutMenu",
        rateLimit: "act",
        success: changed,
        problems: ["invalid-body"],
      },
    ],
    functions: {
      GetConfig: {
        handler: getConfig,
        description: "answers shop state, limits and menu",
        uses: [use.table(names.configTable, "GetItem")],
      },
      PutStore: { handler: putStore, description: "opens or closes the shop", uses: changing },
      PutConfig: { handler: putConfig, description: "changes limits", uses: changing },
      PutMenu: { handler: putMenu, description: "changes the menu", uses: [use.table(names.configTable, "GetItem", "PutItem")] },
      ConfigChanged: {
        handler: configChanged,
        description: "on the config table's stream: tells the bus of each change",
        uses: [use.events],
      },
      EndPause: { handler: endPause, description: "opens the shop again when a pause is over", uses: changing },
    },
    examples: [
      {
        function: "PutMenu",
        body: [{ drink: "Latte", icon: "latte", available: true, modifiers: [{ Name: "Milk", Options: ["Regular", "Oat"] }] }],
      },
    ],
  };
});
