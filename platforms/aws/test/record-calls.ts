import type { PasswordlessUser, Ports, Settings, Tables, Tokens, TransactItem } from "@serverlesspresso/ports";
import { usualSettings } from "@serverlesspresso/services/shared/settings.ts";

/** The calls to ports, as `runtime/functions.ts` would print them: `GetItem TABLE`, `Query TABLE/INDEX`, `events`, `topic NAME`, `identities KIND`. */
export interface Recording {
  readonly ports: Ports;
  readonly called: ReadonlySet<string>;
}

/** Returns ports over real tables that record the calls to them. */
export function recordCalls({ tables, ...rest }: Pick<Ports, "clock" | "ids" | "tables">): Recording {
  const called = new Set<string>();
  const ports: Ports = {
    ...rest,
    tables: recordTables(tables, called),
    events: {
      async putEvents(entries) {
        called.add("events");
        return { eventIds: entries.map(() => rest.ids.uuid()) };
      },
    },
    topics: { publish: async (topic) => void called.add(`topic ${topic.replace(/(?<=^serverlesspresso-user-).*/, "{userId}")}`) },
    metrics: { putMetricData: async () => void called.add("metrics") },
    identities: {
      async signInWithoutPassword({ kind }: PasswordlessUser) {
        called.add(`identities ${kind}`);
        return tokens;
      },
    },
    settings: new Proxy(usualSettings, {
      get(settings, name: keyof Settings) {
        called.add("settings");
        return settings[name];
      },
    }),
    tasks: { sendTaskSuccess: async () => void called.add("tasks"), sendTaskFailure: async () => void called.add("tasks") },
    states: new Proxy({} as Ports["states"], { get: (_, verb) => async () => void called.add(`states ${String(verb)}`) }),
  };
  return { ports, called };
}

const tokens: Tokens = { AccessToken: "a", IdToken: "i", RefreshToken: "r", ExpiresIn: 3600, TokenType: "Bearer" };

function recordTables(tables: Tables, called: Set<string>): Tables {
  const noting =
    <Request extends { readonly tableName: string; readonly indexName?: string }, Answer>(
      action: string,
      ask: (request: Request) => Answer,
    ) =>
    (request: Request): Answer => {
      called.add(`${action} ${request.tableName}${request.indexName === undefined ? "" : `/${request.indexName}`}`);
      return ask(request);
    };
  return {
    getItem: noting("GetItem", tables.getItem),
    putItem: noting("PutItem", tables.putItem),
    updateItem: noting("UpdateItem", tables.updateItem),
    deleteItem: noting("DeleteItem", tables.deleteItem),
    query: noting("Query", tables.query),
    transactWriteItems(items) {
      for (const item of items) called.add(printItem(item));
      return tables.transactWriteItems(items);
    },
  };
}

function printItem(item: TransactItem): string {
  if ("put" in item) return `PutItem ${item.put.tableName}`;
  if ("update" in item) return `UpdateItem ${item.update.tableName}`;
  return "delete" in item ? `DeleteItem ${item.delete.tableName}` : `ConditionCheckItem ${item.conditionCheck.tableName}`;
}
