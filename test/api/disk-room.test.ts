/** A disk that fills: on a small one of its own, mounted for the bar's processes alone. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RawCall, sign } from "../aws/sign.ts";
import { readCredentials } from "../aws/support.ts";
import { eventually, type Person, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { notRun } from "../support/not-run.ts";
import { type Server, startServer, temporaryFolder } from "../support/server.ts";

vi.setConfig({ testTimeout: 120_000 });
const place = temporaryFolder();
/** The folder of a shop that was open before. */
const shop = temporaryFolder();
/** A user other than root may mount as root of a user namespace, if the system allows it. */
const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
const onDisk = (megabytes: number): string[] => [
  "unshare",
  "-m",
  ...asRoot,
  "sh",
  "-c",
  `mount -t tmpfs -o size=${megabytes}m disk "${place.path}" && exec "$0" "$@"`,
];
const mayMount = spawnSync(onDisk(1)[0] as string, [...onDisk(1).slice(1), "true"]).status === 0;
const suffix = notRun(mayMount ? undefined : "this user may not mount a disk");
const main = join(import.meta.dirname, "../../platforms/local/src/main.ts");
const latte = { drink: "Latte", modifiers: [] };
let server: Server;
let admin: Person;
let guest: Person;
/** Has the disk for as long as its input is open. */
let keeper: ChildProcess;

beforeAll(async () => {
  if (!mayMount) return;
  await (await startServer({ dataFolder: shop.path })).stop();
  keeper = spawn(onDisk(96)[0] as string, [...onDisk(96).slice(1), "sh", "-c", "echo mounted; exec cat"]);
  await once(keeper.stdout as NodeJS.ReadableStream, "data");
  server = await startOnDisk();
  admin = await signInAdmin(server.url);
  guest = await signInGuest(server.url);
});
afterAll(async () => {
  await server?.kill();
  keeper?.stdin?.end();
  place.remove();
  shop.remove();
});

function startOnDisk(): Promise<Server> {
  const namespaces = asRoot.length === 0 ? ["-m"] : ["-U", "--preserve-credentials", "-m"];
  return startServer({ dataFolder: join(place.path, "data"), within: ["nsenter", "-t", `${keeper.pid}`, ...namespaces] });
}

/** A path on the bar's own disk, as seen from here. */
const inside = (name: string): string => `/proc/${keeper.pid}/root${join(place.path, name)}`;

test.skipIf(!mayMount)(`RELIABILITY G3, small: below the reserve new orders wait, those under way go on${suffix}`, async () => {
  const codes = await admin.call<Window>("GET", "/qr-code");
  const { orderId } = (await guest.scan(codes.body.code)).body;
  const another = (await (await signInGuest(server.url)).scan(codes.body.code)).body.orderId;
  writeFileSync(inside("filler"), Buffer.alloc(40 * 1024 * 1024));
  const health = async (): Promise<number> => (await fetch(`${server.url}/healthz`)).status;
  await eventually("the shop is not healthy", async () => (await health()) === 503);

  const refused = await (await signInGuest(server.url)).scan(codes.body.code);
  expect(refused).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/almost full; no new order is taken/) } });
  expect((await admin.call("POST", "/backup")).status).toBe(503);
  await eventually("its drink is taken", async () => (await guest.act(orderId, "placeOrder", latte)).status === 200);
  await eventually("it waits for the bar", async () => (await guest.order(orderId)).orderNumber !== undefined);
  for (const action of ["make", "complete"]) expect((await admin.act(orderId, action)).status).toBe(200);
  expect((await admin.act(another, "cancel")).status).toBe(200);

  rmSync(inside("filler"));
  await eventually("the shop is healthy", async () => (await health()) === 200);
  expect((await (await signInGuest(server.url)).scan(codes.body.code)).status).toBe(201);
  expect(server.output().match(/^disk space: .*$/gm)).toEqual([
    "disk space: The disk of the shop's computer is almost full; no new order is taken until there is room.",
    "disk space: The disk of the shop's computer has room again; new orders are taken.",
  ]);
});

test.skipIf(!mayMount)(
  `RELIABILITY 42: a write that finds no room is not acknowledged, the bar ends in words, and starts again once there is room${suffix}`,
  async () => {
    expect((await admin.call("PUT", "/config", { customerTimeoutSeconds: 299 })).status).toBe(200);
    fillWhatIsLeft();
    const answers: (number | undefined)[] = [];
    const refusals: string[] = [];
    // Until the process is gone; what it has in hand takes some of them.
    while (answers.length < 500 && (answers.length === 0 || answers.at(-1) !== undefined)) {
      const change = admin.call("PUT", "/config", { customerTimeoutSeconds: 300 + answers.length });
      answers.push(
        await change.then(
          ({ status, headers, body }) => {
            if (status !== 200) refusals.push(`${headers.get("content-type")} ${JSON.stringify(body)}`);
            return status;
          },
          () => undefined,
        ),
      );
    }
    expect(answers.filter((status) => ![200, 503, undefined].includes(status))).toEqual([]);
    for (const refusal of refusals) {
      expect(refusal).toMatch(/^application\/problem\+json .*urn:serverlesspresso:problem:unavailable/);
      expect(refusal).not.toMatch(/\bat \S+:\d|ENOSPC|\/tmp|\.ts\b|\d+\.\d+\.\d+|eyJ/);
    }
    await expectEndInWords();

    makeRoom();
    server = await startOnDisk();
    admin = await signInAdmin(server.url);
    const { customerTimeoutSeconds } = (await admin.call<{ customerTimeoutSeconds: number }>("GET", "/config")).body;
    expect(customerTimeoutSeconds).toBe(acknowledgedSeconds(answers));
    expect((await (await signInGuest(server.url)).scan((await admin.call<Window>("GET", "/qr-code")).body.code)).status).toBe(201);
  },
);

test.skipIf(!mayMount)(
  `RELIABILITY 42: a change larger than the room that is left ends the bar in words, and is not there${suffix}`,
  async () => {
    const call = async <T>(operation: string, members: object): Promise<{ status: number; body: T }> => {
      const target = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `DynamoDB_20120810.${operation}` };
      const signed: RawCall = { service: "dynamodb", headers: target, body: JSON.stringify(members) };
      const credentials = readCredentials(inside("data/aws-credentials"));
      const headers = sign({ url: server.url, credentials }, signed);
      const response = await fetch(server.url, { method: "POST", headers, body: signed.body ?? "" });
      return { status: response.status, body: (await response.json()) as T };
    };
    const [attribute, key] = [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "id", KeyType: "HASH" },
    ];
    const table = { TableName: "large", AttributeDefinitions: [attribute], KeySchema: [key], BillingMode: "PAY_PER_REQUEST" };
    const item = (id: string, text: string) => ({ id: { S: id }, text: { S: text } });
    expect((await call("CreateTable", table)).status).toBe(200);
    expect((await call("PutItem", { TableName: "large", Item: item("small", "x") })).status).toBe(200);
    const { bavail, bsize } = statfsSync(inside("data"));
    writeFileSync(inside("filler"), Buffer.alloc(bavail * bsize - 2 * 1024 * 1024));
    const puts = Array.from({ length: 16 }, (_, index) => ({
      // What no compression makes smaller.
      PutRequest: { Item: item(`large ${index}`, randomBytes(200_000).toString("base64")) },
    }));
    expect(await call("BatchWriteItem", { RequestItems: { large: puts } })).toMatchObject({
      status: 503,
      body: { message: "The service is unavailable" },
    });
    await expectEndInWords();

    makeRoom();
    server = await startOnDisk();
    expect((await call("Scan", { TableName: "large" })).body).toMatchObject({ Items: [item("small", "x")] });
  },
);

/** What the settings hold after 299 and these answers to changes from 300 on, one second more each. */
function acknowledgedSeconds(answers: readonly (number | undefined)[]): number {
  return 300 + answers.lastIndexOf(200);
}

async function expectEndInWords(): Promise<void> {
  expect(await server.ended).toBe(1);
  expect(server.output()).toMatch(
    /\na flush to disk failed: ENOSPC, no space left on device; nothing is accepted from here on.*\nThe shop stops\.\n$/,
  );
  expect(server.output()).not.toMatch(/^ {4}at |\bError:|lmdb|mdb_|Write error|Node\.js v/m);
}

/** Takes away what was put there beside the data. */
function makeRoom(): void {
  for (const name of readdirSync(inside(""))) if (name.startsWith("filler")) rmSync(inside(name));
}

function fillWhatIsLeft(): void {
  for (let bytes = 1024 * 1024; bytes >= 512; bytes /= 2) {
    try {
      for (let part = 0; ; part++) writeFileSync(inside(`filler-${bytes}-${part}`), Buffer.alloc(bytes));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
    }
  }
}

test.skipIf(!mayMount).each([
  { what: "a full disk", first: "" },
  { what: "a full disk that has a shop", first: `cp -r "${shop.path}" "${place.path}/data";` },
])(`RELIABILITY 42: a start on $what says so in a sentence${suffix}`, ({ first }) => {
  const [command = "", ...args] = onDisk(16);
  const filler = `dd if=/dev/zero of="${place.path}/filler" bs=512 2>/dev/null`;
  const fill = [...args.slice(0, -1), `${args.at(-1)?.replace(" && exec", ` && ${first} ${filler}; exec`)}`];
  const line = [...fill, process.execPath, main, "--port", "0", "--data", join(place.path, "data")];
  const { status, stdout, stderr } = spawnSync(command, line, { encoding: "utf8", timeout: 30_000 });
  expect({ status, output: stdout + stderr }).toEqual({
    status: 1,
    output: `data folder "${join(place.path, "data")}": the disk is full\n`,
  });
});
