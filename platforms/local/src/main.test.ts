/** The process: what it says and how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { version } from "@serverlesspresso/commands";
import { keyOf, openStore } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = join(import.meta.dirname, "main.ts");
let folder: string;
let running: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "main-"));
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
  /** Resolves with the address once it is printed. */
  readonly open: Promise<string>;
}

function run(args: readonly string[], environment: Record<string, string> = {}): Run {
  const { PORT: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--disable-proto=delete", main, "--data", join(folder, "data"), ...args], {
    env: { ...inherited, ...environment },
  });
  running.push(child);
  let output = "";
  const open = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
        const address = /Order app\s+(http\S+)\/order\//.exec(output)?.[1];
        if (address !== undefined && output.includes("Ctrl-C")) resolve(address);
      });
    }
  });
  return { child, output: () => output, ended: new Promise((resolve) => child.once("close", resolve)), open };
}

test("it opens, shows the first admin's password once, drains and stops at SIGTERM", async () => {
  const first = run(["--port", "0"]);
  const url = await first.open;
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok", version });
  const password = /Password\s+(\S+)/.exec(first.output())?.[1];
  expect(password).toMatch(/^[\w-]{20,}$/);
  const startedMs = performance.now();
  first.child.kill("SIGTERM");
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(5000);
  const second = run(["--port", "0"]);
  await second.open;
  expect(second.output()).not.toContain(password);
  expect(second.output()).not.toContain("First admin");
});

test.each([
  {
    name: "a flag with a wrong value",
    args: ["--port", "many"],
    code: 2,
    says: /^--port is "many", expected a whole number from 0 to 65535$/m,
  },
  { name: "an unknown flag", args: ["--coffee"], code: 2, says: /--coffee/ },
  {
    name: "a host that is not here",
    args: ["--port", "0", "--host", "203.0.113.1"],
    code: 1,
    says: /^--host 203\.0\.113\.1: this machine has no such address/m,
  },
  {
    name: "a certificate that is not there",
    args: ["--tls-cert", "/none.pem", "--tls-key", "/none.key"],
    code: 1,
    says: /^--tls-cert is "\/none.pem", expected a file/m,
  },
])("$name is said in a sentence, without a stack", async ({ args, code, says }) => {
  const { ended, output } = run(args);
  expect(await ended).toBe(code);
  expect(output()).toMatch(says);
  expect(output()).not.toMatch(/\n\s+at /);
});

test("--bar opens a bar of that name; its folder is no other bar's", async () => {
  const named = run(["--port", "0", "--bar", "annexe"]);
  const settings = (await (await fetch(`${await named.open}/settings.json`)).json()) as { readonly bar: string };
  expect(settings.bar).toBe("annexe");
  expect(named.output()).toMatch(/Bar\s+annexe$/m);
  named.child.kill("SIGTERM");
  expect(await named.ended).toBe(0);
  const unnamed = run(["--port", "0"]);
  expect(await unnamed.ended).toBe(1);
  expect(unnamed.output()).toBe('the data folder holds bar "annexe", not "Serverlesspresso"; expected --bar annexe, or another --data\n');
  const again = run(["--port", "0", "--bar", "annexe"]);
  expect(await again.open).toMatch(/^http/);
});

test("a port that is taken, a folder that is in use", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const late = run(["--port", String(port)]);
  expect(await late.ended).toBe(1);
  expect(late.output()).toContain(`--port ${port}: another program listens there`);
  taken.close();
  const holder = run(["--port", "0"]);
  await holder.open;
  const second = run(["--port", "0"]);
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/data folder ".*" is in use by process \d+ on \S+ since \S+;/);
  expect(second.output()).not.toMatch(/\n\s+at /);
});

test("a data folder of a newer release is left as it is; one that is damaged is named", async () => {
  const data = join(folder, "data");
  const store = await openStore({ folder: data, onFailure: () => {} });
  await store.transact((tx) => tx.put(keyOf("format"), { version: 99 }));
  await store.close();
  const bytes = readFileSync(join(data, "store.mdb"));
  const newer = run(["--port", "0"]);
  expect(await newer.ended).toBe(1);
  expect(newer.output()).toMatch(/store has format 99/);
  expect(readFileSync(join(data, "store.mdb")).equals(bytes)).toBe(true);
  rmSync(data, { recursive: true });
  mkdirSync(data);
  writeFileSync(join(data, "store.mdb"), "this is no store ".repeat(5000));
  const damaged = run(["--port", "0"]);
  expect(await damaged.ended).toBe(1);
  expect(damaged.output()).toContain("store.mdb");
  expect(damaged.output()).not.toMatch(/\n\s+at /);
});

test.each([
  ...["store.mdb", "store.mdb-lock", "store.mdb-witness", "lock", "lock-holder.json", "replacing.json"],
  ...["aws-credentials", "keys/user-pool-keys.json"],
])("a folder in place of the file %s is said in a sentence", async (name) => {
  mkdirSync(join(folder, "data", name), { recursive: true });
  expect(await refusal()).toContain(`data/${name}" is a folder, expected a file; move it away, or restore`);
});

test.each([
  { name: "keys", says: /data\/keys" is a file, expected a folder; move it away, or restore/ },
  { name: "buckets", says: /data\/buckets" is a file, expected a folder; move it away, or restore/ },
  { name: "aws-credentials", says: /data\/aws-credentials holds no access key under \[serverlesspresso\]; delete it/ },
  { name: "replacing.json", says: /data\/replacing\.json" is not the note of a restore that was cut short; move it away, or restore/ },
  { name: "keys/user-pool-keys.json", says: /user-pool-keys\.json" is damaged; restore it from a backup/ },
  {
    name: "keys/user-pool-keys.json.new/x",
    says: /^the bar does not start on data folder ".*" and --host \S+: EISDIR: .*user-pool-keys\.json\.new/,
  },
])("an empty file $name is said in a sentence", async ({ name, says }) => {
  mkdirSync(dirname(join(folder, "data", name)), { recursive: true });
  writeFileSync(join(folder, "data", name), "");
  expect(await refusal()).toMatch(says);
});

/** All that a start says of a folder that it refuses. */
async function refusal(): Promise<string> {
  const { ended, output } = run(["--port", "0"]);
  expect(await ended).toBe(1);
  expect(output().trim()).not.toContain("\n");
  return output();
}

test("kill -9 is no obstacle: the next start opens the same shop, and says that its time is ahead after a faster run", async () => {
  const first = run(["--port", "0", "--clock-rate", "3600"], { ADMIN_EMAIL: "a@b.co", ADMIN_PASSWORD: "correct horse battery 9" });
  const url = await first.open;
  const { userPoolId } = (await (await fetch(`${url}/settings.json`)).json()) as { userPoolId: string };
  first.child.kill("SIGKILL");
  await first.ended;
  const second = run(["--port", "0"]);
  const again = (await (await fetch(`${await second.open}/settings.json`)).json()) as { userPoolId: string };
  expect(again.userPoolId).toBe(userPoolId);
  expect(first.output()).not.toContain("Shop time");
  expect(second.output()).toMatch(/Shop time {6}\d+ (min|h|days?).* ahead of this machine's clock: this folder ran faster before/);
});
