/** Backups of a running bar and their restoring, by the commands and by the API. */
import { spawn } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { keyOf } from "@serverlesspresso/store";
import { open } from "lmdb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { callApi, type Person, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";

// Each starts several processes.
vi.setConfig({ testTimeout: 120_000 });
const command = join(import.meta.dirname, "../../platforms/local/src/backup/main.ts");
const storageCommand = join(import.meta.dirname, "../../platforms/local/src/storage/main.ts");
const rotateCommand = join(import.meta.dirname, "../../platforms/local/src/rotate-keys.ts");
const place = temporaryFolder();
const at = (name: string): string => join(place.path, name);
let server: Server;
let admin: Person;
let orders = 0;

beforeAll(async () => {
  mkdirSync(join(at("data"), "buckets", "reports", "deep".repeat(40)), { recursive: true });
  writeFileSync(join(at("data"), "buckets", "reports", "deep".repeat(40), "é.json"), "[1]");
  server = await startServer({ dataFolder: at("data") });
  admin = await signInAdmin(server.url);
  await admin.call("PUT", "/config", { drinksPerBarcode: 1000, maxOrdersInQueue: 400 });
});
afterAll(async () => {
  await server.kill();
  place.remove();
});

const run = (...args: string[]) => runFile(command, ...args);

function runFile(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => resolve({ code, output: output.trim() }));
  });
}

async function order(): Promise<string> {
  const guest = await signInGuest(server.url, `Guest ${++orders}`);
  const { code } = (await admin.call<Window>("GET", "/qr-code")).body;
  return (await guest.scan(code)).body.orderId;
}

/** Orders come in while `work` runs; resolves with those that were acknowledged before it began. */
async function besideOrders<T>(work: () => Promise<T>): Promise<{ before: string[]; result: T }> {
  const before = [await order(), await order()];
  let isDone = false;
  const load = (async () => {
    while (!isDone) await order();
  })();
  const result = await work().finally(() => {
    isDone = true;
  });
  await load;
  return { before, result };
}

/** The orders of a bar started on `folder`, which signs with the keys of the one it was copied from. */
async function ordersOf(folder: string): Promise<Set<string>> {
  const restored = await startServer({ dataFolder: folder });
  const staff = await signInAdmin(restored.url);
  const { body } = await staff.call<{ orders: { orderId: string }[] }>("GET", "/orders?state=CREATED");
  const { acts } = (await staff.call<{ acts: { what: string; about: object }[] }>("GET", "/audit")).body;
  expect(acts.find(({ what }) => what === "npm run restore")).toMatchObject({ about: { madeAt: expect.any(String) } });
  const keys = await keysOf(restored.url);
  await restored.kill();
  expect(keys).toEqual(await keysOf(server.url));
  return new Set(body.orders.map(({ orderId }) => orderId));
}

const keysOf = async (url: string): Promise<unknown> => (await callApi(url, undefined, "GET", "/.well-known/jwks.json")).body;

test("a backup made while orders run holds all that was acknowledged before it, and the keys", async () => {
  const { before, result } = await besideOrders(() => run("backup", at("one.tar"), "--data", at("data")));
  expect(result).toEqual({ code: 0, output: expect.stringMatching(/one\.tar holds 4 files, \d+ values of the store among them/) });
  expect(await run("restore", at("one.tar"), "--data", at("restored"))).toMatchObject({ code: 0 });
  const kept = await ordersOf(at("restored"));
  expect(before.filter((id) => !kept.has(id))).toEqual([]);
  expect(existsSync(join(at("restored"), "buckets", "reports", "deep".repeat(40), "é.json"))).toBe(true);
});

test("RELIABILITY 14: a backup is its owner's alone, and so is all that comes out of it", async () => {
  expect(statSync(at("one.tar")).mode & 0o777).toBe(0o600);
  expect(await run("restore", at("one.tar"), "--data", at("modes"))).toMatchObject({ code: 0 });
  for (const entry of readdirSync(at("modes"), { recursive: true, withFileTypes: true })) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
  }
});

test("POST /backup: staff alone; the file lies in the folder, and can be restored from there", async () => {
  const guest = await signInGuest(server.url);
  expect((await guest.call("POST", "/backup")).status).toBe(403);
  const { before, result } = await besideOrders(() => admin.call<{ file: string; values: number }>("POST", "/backup"));
  expect(result).toMatchObject({ status: 201, body: { file: expect.stringMatching(/^backups\/serverlesspresso-.*\.tar$/) } });
  const file = join(at("data"), result.body.file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await run("restore", file, "--data", at("from-api"))).toMatchObject({ code: 0 });
  const kept = await ordersOf(at("from-api"));
  expect(before.filter((id) => !kept.has(id))).toEqual([]);
});

test("a key made where no bar runs stands in the audit log of the next start", async () => {
  expect(await run("restore", at("one.tar"), "--data", at("rotated"))).toMatchObject({ code: 0 });
  const { code, output } = await runFile(rotateCommand, "--data", at("rotated"));
  expect([code, output]).toEqual([0, expect.stringMatching(/has a new signing key, [\w-]{43}\.$/)]);
  const restored = await startServer({ dataFolder: at("rotated") });
  const { body } = await (await signInAdmin(restored.url)).call<{ acts: { what: string; outcome: number }[] }>("GET", "/audit?maxItems=2");
  await restored.kill();
  expect(body.acts.map(({ what, outcome }) => [what, outcome])).toEqual([
    ["npm run rotate-keys", 200],
    ["npm run restore", 200],
  ]);
});

test("no backup goes over a file, no restore over a bar that runs or that nobody gave up", async () => {
  expect(await run("backup", at("one.tar"), "--data", at("data"))).toEqual({
    code: 1,
    output: `backup "${at("one.tar")}" is there already; expected the name of a new file`,
  });
  expect(await run("restore", at("one.tar"), "--data", at("data"), "--replace")).toEqual({
    code: 1,
    output: expect.stringMatching(/is in use by process \d+ on /),
  });
  const refused = await run("restore", at("one.tar"), "--data", at("modes"));
  expect(refused).toEqual({ code: 1, output: expect.stringMatching(/modes" holds a bar already; --replace puts the backup there/) });
  const replaced = await run("restore", at("one.tar"), "--data", at("modes"), "--replace");
  expect(replaced).toEqual({ code: 0, output: expect.stringMatching(/What was there is kept in .*modes\/replaced-/) });
  expect(await run("backup", at("empty.tar"), "--data", at("nothing"))).toEqual({
    code: 1,
    output: `data folder "${at("nothing")}" holds no store.mdb; expected the folder of a bar`,
  });
});

test("what lies on a disk that is not mounted is made nowhere else: neither a backup nor a bar in a folder that is not there", async () => {
  const refused = (what: string, name: string) => ({
    code: 1,
    output: `${what} "${at(name)}": there is no folder "${at("stick")}"; expected one that is there, on a disk that is mounted`,
  });
  expect(await run("backup", at("stick/bar.tar"), "--data", at("data"))).toEqual(refused("backup", "stick/bar.tar"));
  expect(await run("restore", at("one.tar"), "--data", at("stick/data"))).toEqual(refused("data folder", "stick/data"));
  expect(existsSync(at("stick"))).toBe(false);
});

/** Puts what was never written in place of a record of each of these kinds. */
async function spoil(folder: string, ...prefixes: string[]): Promise<void> {
  const db = open<Buffer, Buffer>({ path: join(folder, "store.mdb"), keyEncoding: "binary", encoding: "binary", pageSize: 8192 });
  for (const prefix of prefixes) {
    for (const key of db.getKeys({ start: Buffer.from(keyOf(prefix)), limit: 1 })) await db.put(key, Buffer.from("not what was written"));
  }
  await db.close();
}

test("damaged log lines block no backup that is told to leave them out; the bar starts on it with all its orders", async () => {
  expect(await run("restore", at("one.tar"), "--data", at("spoiled"))).toMatchObject({ code: 0 });
  await spoil(at("spoiled"), "le");
  const wayOut =
    /value under "le.*" has 20 bytes that fail their checksum \(damaged: 1 of log lines\); .* npm run backup -- FILE --without-damaged/;
  const refused = { code: 1, output: expect.stringMatching(wayOut) };
  expect(await run("backup", at("spoiled-one.tar"), "--data", at("spoiled"))).toEqual(refused);
  expect(await runFile(storageCommand, "--data", at("spoiled"))).toEqual(refused);
  await expect(startServer({ dataFolder: at("spoiled") })).rejects.toThrow(/--without-damaged, and npm run restore -- FILE --replace/);
  const made = await run("backup", at("spoiled-one.tar"), "--data", at("spoiled"), "--without-damaged");
  expect(made).toEqual({
    code: 0,
    output: expect.stringMatching(/all were read back\. Left out, because they were damaged: 1 of log lines\./),
  });
  expect(await run("restore", at("spoiled-one.tar"), "--data", at("spoiled"), "--replace")).toMatchObject({ code: 0 });
  expect(await run("restore", at("one.tar"), "--data", at("unspoiled"))).toMatchObject({ code: 0 });
  expect(await ordersOf(at("spoiled"))).toEqual(await ordersOf(at("unspoiled")));
});

test("a bar that runs on a damaged log line goes on, and so does its backup once told to; POST /backup says where to go", async () => {
  expect(await run("restore", at("one.tar"), "--data", at("running"))).toMatchObject({ code: 0 });
  const running = await startServer({ dataFolder: at("running") });
  await spoil(at("running"), "le");
  const staff = await signInAdmin(running.url);
  const { status, body } = await staff.call<{ detail: string }>("POST", "/backup");
  expect([status, body.detail]).toEqual([
    503,
    expect.stringMatching(/^The data folder holds something that is not what was written\. Run npm run backup at/),
  ]);
  const { code } = (await staff.call<Window>("GET", "/qr-code")).body;
  expect((await (await signInGuest(running.url)).scan(code)).status).toBe(201);
  const made = await run("backup", at("running.tar"), "--data", at("running"), "--without-damaged");
  await running.kill();
  expect(made).toEqual({ code: 0, output: expect.stringMatching(/damaged: 1 of log lines\./) });
});

test("a damaged record that orders need is never left out", async () => {
  expect(await run("restore", at("one.tar"), "--data", at("needed"))).toMatchObject({ code: 0 });
  await spoil(at("needed"), "le", "xr");
  expect(await run("backup", at("needed.tar"), "--data", at("needed"), "--without-damaged")).toEqual({
    code: 1,
    output: expect.stringMatching(/\(damaged: 1 of log lines, 1 of executions under way\); restore the data folder from a backup/),
  });
  expect(existsSync(at("needed.tar"))).toBe(false);
});

test("a folder is surveyed while orders run; a store that is none is named by each command, by its own name", async () => {
  const survey = (folder: string) => runFile(storageCommand, "--data", folder);
  const { result } = await besideOrders(() => survey(at("data")));
  expect(result).toEqual({ code: 0, output: expect.stringMatching(/in the store's file, .* records\./) });
  mkdirSync(at("text"));
  writeFileSync(join(at("text"), "store.mdb"), "hello world");
  const refused = {
    code: 1,
    output: `store "${join(at("text"), "store.mdb")}" is damaged: it has 11 bytes, expected at least 16384; restore the data folder from a backup (npm run restore -- FILE)`,
  };
  expect(await survey(at("text"))).toEqual(refused);
  expect(await run("backup", at("text.tar"), "--data", at("text"))).toEqual(refused);
  expect(readdirSync(at("text"))).toEqual(["store.mdb"]);
  expect(existsSync(at("text.tar"))).toBe(false);
});

test.each([
  { what: "cut off", spoil: (path: string) => truncateSync(path, 100_000), says: /it ends at byte 100000, in the middle of a file/ },
  { what: "without its end", spoil: (path: string) => truncateSync(path, statSync(path).size - 2048), says: /it ends at byte|no manifest/ },
  { what: "changed in one byte", spoil: (path: string) => flip(path, 60_000), says: /"store\.mdb" has SHA-256 \w+, expected \w+/ },
  { what: "no archive", spoil: (path: string) => writeFileSync(path, "x".repeat(2000)), says: /at byte 0 it has no header of a file/ },
])("a backup that is $what is told, and leaves the folder as it was", async ({ spoil, says }) => {
  cpSync(at("one.tar"), at("spoiled.tar"));
  spoil(at("spoiled.tar"));
  const { code, output } = await run("restore", at("spoiled.tar"), "--data", at("untouched"));
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(says) });
  expect(readdirSync(at("untouched"))).toEqual(["lock"]);
});

test("a folder in place of a backup is named", async () => {
  mkdirSync(at("folder.tar"));
  expect(await run("restore", at("folder.tar"), "--data", at("untouched"))).toEqual({
    code: 1,
    output: `backup "${at("folder.tar")}": it is a folder, expected a file made by npm run backup`,
  });
});

test("a file in place of the data folder is named", async () => {
  const refused = { code: 1, output: expect.stringMatching(/^"\S+one\.tar" is a file, expected a folder; move it away, or restore/) };
  expect(await run("backup", at("none.tar"), "--data", at("one.tar"))).toEqual(refused);
  expect(await runFile(rotateCommand, "--data", at("one.tar"))).toEqual(refused);
});

const noKeys = JSON.stringify({ secret: "s", keys: [{ kid: "k", createdMs: 0, privateKey: { kty: "RSA", n: "AQAB", e: "AQAB" } }] });

test.each([
  {
    what: "no keys in its key file",
    name: "keys/user-pool-keys.json",
    text: "",
    says: /^key file ".*user-pool-keys\.json" is damaged; restore/,
  },
  {
    what: "keys that are none",
    name: "keys/user-pool-keys.json",
    text: noKeys,
    says: /^key file ".*user-pool-keys\.json" is damaged; restore/,
  },
  {
    what: "no access key",
    name: "aws-credentials",
    text: "",
    says: /^\S+aws-credentials holds no access key under \[serverlesspresso\]; /,
  },
])("what no bar starts on goes into no backup: $what", async ({ name, text, says }) => {
  rmSync(at("unstartable"), { recursive: true, force: true });
  expect(await run("restore", at("one.tar"), "--data", at("unstartable"))).toMatchObject({ code: 0 });
  writeFileSync(join(at("unstartable"), name), text);
  const refused = { code: 1, output: expect.stringMatching(says) };
  const backup = await run("backup", at("unstartable.tar"), "--data", at("unstartable"));
  expect(backup).toEqual(refused);
  expect(existsSync(at("unstartable.tar"))).toBe(false);
  await expect(startServer({ dataFolder: at("unstartable") })).rejects.toThrow(backup.output);
});

function flip(path: string, position: number): void {
  const file = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, position);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, position);
  closeSync(file);
}
