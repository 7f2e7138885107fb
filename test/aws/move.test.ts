/** `npm run export` and `npm run import`, each in a process of its own, from one bar into another over the wire. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BatchWriteItemCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { blueprint } from "@serverlesspresso/blueprint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printItem } from "../../platforms/aws/move/wire-item.ts";
import { eventually, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";

const folder = temporaryFolder();
const file = join(folder.path, "bar.jsonl");
const tools = join(import.meta.dirname, "../../platforms/aws/tools");
const orders = "serverlesspresso-order-table";
const manyOrders = 1_500;
let source: Server;
let target: Server;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}
function start(
  command: "export" | "import",
  bar: Server,
  ...args: readonly string[]
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const words = [join(tools, `${command}.ts`), ...args, "--endpoint-url", bar.url, "--data", bar.dataFolder];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  return { child, ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, output }))) };
}
const run = (command: "export" | "import", bar: Server, ...args: readonly string[]): Promise<Ended> => start(command, bar, ...args).ended;

function clientOf({ url, dataFolder }: Server): DynamoDBClient {
  const text = readFileSync(join(dataFolder, "aws-credentials"), "utf8");
  const setting = (name: string): string => new RegExp(`${name} = (\\S+)`).exec(text)?.[1] ?? "";
  const credentials = { accessKeyId: setting("aws_access_key_id"), secretAccessKey: setting("aws_secret_access_key") };
  return new DynamoDBClient({ endpoint: url, region: "us-east-1", credentials });
}
async function itemsOf(bar: Server, table: string): Promise<string[]> {
  const client = clientOf(bar);
  const found: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
    found.push(...Items.map(printItem));
  return found.sort();
}
async function everything(bar: Server): Promise<Record<string, string[]>> {
  const tables = blueprint.tables.map(async ({ name }) => [name, await itemsOf(bar, name)] as const);
  return Object.fromEntries(await Promise.all(tables));
}

/** One order from the code to the cup, by the API. */
async function serve(bar: Server): Promise<void> {
  const [admin, guest] = await Promise.all([signInAdmin(bar.url), signInGuest(bar.url, "Ada\u2028Lovelace")]);
  const { body: window } = await admin.call<Window>("GET", "/qr-code");
  const { orderId } = (await guest.scan(window.code)).body;
  const done = async (act: () => Promise<{ readonly status: number }>): Promise<void> =>
    void (await eventually("an answer", async () => (await act()).status === 200));
  await done(() => guest.act(orderId, "placeOrder", { drink: "Latte", modifiers: ["Oat"], note: "hot\u2028please" }));
  await eventually("the number", async () => (await guest.order(orderId)).orderNumber);
  await done(() => admin.act(orderId, "make"));
  await done(() => admin.act(orderId, "complete"));
}
async function addOrders(bar: Server): Promise<void> {
  const client = clientOf(bar);
  for (let first = 0; first < manyOrders; first += 25) {
    const requests = Array.from({ length: 25 }, (_, i) => ({
      PutRequest: {
        Item: {
          PK: { S: "orders" },
          SK: { S: `old-${first + i}` },
          USERID: { S: `guest-${i}` },
          ORDERSTATE: { S: "COMPLETED" },
          createdMs: { N: `${first + i}` },
          TS: { N: "1" },
        },
      },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [orders]: requests } }));
  }
}

beforeAll(async () => {
  const bars = ["source", "target"].map((name) => startServer({ dataFolder: join(folder.path, name), clockRate: 10 }));
  [source, target] = (await Promise.all(bars)) as [Server, Server];
  await serve(source);
  await addOrders(source);
  // Its two events are counted some seconds later.
  await eventually(
    "the counts",
    async () => (await itemsOf(source, "serverlesspresso-metrics-table")).filter((text) => text.includes('"Event"')).length === 2,
  );
});
afterAll(async () => {
  await Promise.all([source, target].map((server) => server.kill()));
  folder.remove();
});

test("an export names its counts and holds every item", async () => {
  const { code, output } = await run("export", source, file);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`${orders}: ${manyOrders + 1}\n`) });
  expect(output).not.toContain("Open");
  const [header, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(JSON.parse(header ?? "")).toMatchObject({ format: "serverlesspresso-data", version: 1, tables: { [orders]: manyOrders + 1 } });
  const held = Map.groupBy(
    lines.map((line) => JSON.parse(line) as { table: string; item: object }),
    ({ table }) => table,
  );
  const there = await everything(source);
  for (const { name } of blueprint.tables)
    expect((held.get(name) ?? []).map(({ item }) => JSON.stringify(item)).sort(), name).toEqual(there[name]);
});

test("a file that is cut off is refused, and nothing of it is written", async () => {
  const before = await everything(target);
  const cut = join(folder.path, "cut.jsonl");
  const text = readFileSync(file);
  writeFileSync(cut, text.subarray(0, Math.floor(text.length * 0.9)));
  expect(await run("import", target, cut)).toEqual({ code: 1, output: expect.stringMatching(/not whole/) });
  expect(await everything(target)).toEqual(before);
});

test("an import killed in the middle is finished by the next", async () => {
  const { child, ended } = start("import", target, file);
  await eventually("some of the orders", async () => (await itemsOf(target, orders)).length > 50, 20);
  child.kill("SIGKILL");
  await ended;
  const half = (await itemsOf(target, orders)).length;
  expect(half).toBeLessThan(manyOrders);
  const { code, output } = await run("import", target, file);
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining(`${orders}: ${manyOrders + 1 - half} written, ${half} there already`),
  });
  expect(await everything(target)).toEqual(await everything(source));
});

test("once more there is nothing to do", async () => {
  expect(await run("import", target, file)).toEqual({ code: 0, output: expect.stringMatching(/\n0 items written\.\n$/) });
});

test("what stands there now is kept, unless it is to be overwritten", async () => {
  const configure = async (bar: Server, maxOrdersInQueue: number): Promise<void> => {
    const admin = await signInAdmin(bar.url);
    expect((await admin.call("PUT", "/config", { maxOrdersInQueue })).status).toBe(200);
  };
  await configure(source, 12);
  expect((await run("export", source, file)).code).toBe(0);
  // The target's config is still a new bar's own.
  expect(await run("import", target, file)).toEqual({ code: 0, output: expect.stringContaining("\n1 items written.") });
  await configure(target, 15);
  const conflict = await run("import", target, file);
  expect(conflict).toEqual({
    code: 1,
    output: expect.stringMatching(/There already and different: 1 of the file's items; nothing was written/),
  });
  expect((await run("import", target, file, "--overwrite")).code).toBe(0);
  expect(await everything(target)).toEqual(await everything(source));
});

test("the other bar goes on: the next order has the next number, and no import takes it back", async () => {
  await serve(target);
  const numbers = (await itemsOf(target, orders)).flatMap((text) => /"orderNumber":\{"N":"(\d+)"\}/.exec(text)?.[1] ?? []);
  expect(numbers.toSorted()).toEqual(["1", "2"]);
  const again = await run("import", target, file, "--overwrite");
  expect(again).toEqual({ code: 0, output: expect.stringContaining("1 kept: order numbers never go back") });
});

test("open orders are told, for their workflows stay behind", async () => {
  const [admin, guest] = await Promise.all([signInAdmin(source.url), signInGuest(source.url)]);
  const { body: window } = await admin.call<Window>("GET", "/qr-code");
  expect((await guest.scan(window.code)).status).toBe(201);
  expect(await run("export", source, file)).toEqual({ code: 0, output: expect.stringContaining("Open orders: 1.") });
});

test.each([
  { name: "no file", args: [], code: 2, words: /FILE is not given, expected the file of a bar/ },
  { name: "an option nobody knows", args: ["x", "--quickly"], code: 2, words: /--quickly is no flag of npm run import/ },
  { name: "a folder without a key", args: ["x", "--data", "/nowhere"], code: 2, words: /--data: ENOENT/ },
  { name: "a file that is not there", args: ["/nowhere/x"], code: 1, words: /ENOENT/ },
])("$name is told in a sentence", async ({ args, code, words }) => {
  const words2 = args.includes("--data") ? args : [...args, "--data", source.dataFolder];
  const child = spawn(process.execPath, [join(tools, "import.ts"), ...words2, "--endpoint-url", source.url]);
  let output = "";
  child.stderr.on("data", (chunk) => (output += chunk));
  const ended = await new Promise((resolve) => child.once("close", resolve));
  expect(ended).toBe(code);
  expect(output).toMatch(words);
  expect(output).not.toContain("    at ");
  expect(existsSync("/nowhere/x")).toBe(false);
});
