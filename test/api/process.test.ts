/** The shop as a process: what it says at a start, how it ends, and what it does not start on. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { keyOf, openStore } from "@serverlesspresso/store";
import { open as openDatabase } from "lmdb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { notRun } from "../support/not-run.ts";
import { adminEmail, adminPassword, type Server, startServer, temporaryFolder } from "../support/server.ts";
import { listen } from "./steps.ts";

const main = join(import.meta.dirname, "../../platforms/local/src/main.ts");

/** Runs the command until it ends by itself. */
function run(args: readonly string[], environment: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
    const killer = setTimeout(() => child.kill("SIGKILL"), 60_000);
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => {
      clearTimeout(killer);
      resolve({ code, output });
    });
  });
}
/** A sentence for a person: one line, and nothing of a stack. LMDB may have a word before it. */
function expectSentence(output: string): void {
  const lines = output.trim().split("\n");
  expect(lines.filter((line) => !line.startsWith("internal error, "))).toHaveLength(1);
  expect(output).not.toMatch(/\n\s+at |node:|\.ts:\d/);
}

describe("a first start, a second, and what is in between", () => {
  const folder = temporaryFolder();
  const saved = temporaryFolder();
  let first: Server;
  let password: string;
  beforeAll(async () => {
    // Without ADMIN_PASSWORD it makes one up.
    first = await startServer({ dataFolder: folder.path, environment: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" } });
  });
  afterAll(async () => {
    await first.kill();
    folder.remove();
    saved.remove();
  });

  test("RELIABILITY 13: the first prints the addresses of all apps, and the admin's generated password", () => {
    const output = first.output();
    for (const app of ["order", "barista", "display", "console"]) expect(output).toContain(`${first.url}/${app}/`);
    password = /Password\s+(\S+)/.exec(output)?.[1] ?? "";
    expect(password.length).toBeGreaterThanOrEqual(12);
    expect(output.split(password)).toHaveLength(2);
    expect(output).not.toContain(adminEmail);
  });

  test("RELIABILITY 13: another install shares nothing with it: no password, no id, no key, no secret", async () => {
    const other = temporaryFolder();
    const second = await startServer({ dataFolder: other.path, environment: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" } });
    /** Whatever is long and has a digit in it: the figures and names that both have are shorter, or without a digit. */
    const secretsOf = async ({ url, dataFolder, output }: Server): Promise<Set<string>> => {
      const files = ["aws-credentials", ...readdirSync(join(dataFolder, "keys")).map((name) => join("keys", name))];
      const texts = files.map((name) => readFileSync(join(dataFolder, name), "utf8"));
      const { body } = await callApi<Record<string, unknown>>(url, undefined, "GET", "/settings.json");
      const { poolId, userPoolWebClientId } = body;
      const told = [`${poolId}`, `${userPoolWebClientId}`, /Password\s+(\S+)/.exec(output())?.[1] ?? ""];
      const keys = await callApi(url, undefined, "GET", "/.well-known/jwks.json");
      return new Set(
        [...texts, ...told, JSON.stringify(keys.body)]
          .flatMap((text) => text.match(/[\w+/=-]{16,}/g) ?? [])
          .filter((text) => /\d/.test(text)),
      );
    };
    const [ours, theirs] = [await secretsOf(first), await secretsOf(second)];
    await second.kill();
    other.remove();
    expect(Math.min(ours.size, theirs.size)).toBeGreaterThanOrEqual(12);
    expect([...ours].filter((secret) => theirs.has(secret))).toEqual([]);
  });

  test("that password signs in", async () => {
    const email = /First admin\s+(\S+)/.exec(first.output())?.[1];
    const { body } = await callApi<{ userPoolWebClientId: string }>(first.url, undefined, "GET", "/settings.json");
    const request = {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: body.userPoolWebClientId,
      AuthParameters: { USERNAME: email, PASSWORD: password },
    };
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" };
    const answer = await callApi<{ AuthenticationResult: { AccessToken: string } }>(first.url, undefined, "POST", "/", request, headers);
    expect((await callApi<Window>(first.url, answer.body.AuthenticationResult.AccessToken, "GET", "/qr-code")).body.remaining).toBe(10);
  });

  test("RELIABILITY 14: the password is nowhere in the data folder; folder and files are the owner's alone", () => {
    const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      expect(readFileSync(path).includes(password)).toBe(false);
      expect([name, statSync(path).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  });

  const suffix = notRun(process.getuid?.() === 0 ? undefined : "this user is not root");
  test.skipIf(process.getuid?.() !== 0)(
    `RELIABILITY 14: another user of the system reads none of it (run by root alone, who can become one)${suffix}`,
    () => {
      for (const name of ["store.mdb", "aws-credentials", join("keys", "user-pool-keys.json")]) {
        const { status, stdout } = spawnSync("cat", [join(folder.path, name)], { uid: 65_534, gid: 65_534, encoding: "utf8" });
        expect([name, status, stdout]).toEqual([name, 1, ""]);
      }
    },
  );

  test("a second process on the same folder ends at once and says why; the first goes on", async () => {
    const { code, output } = await run(["--port", "0", "--data", folder.path]);
    expect(code).toBe(1);
    expect(output).toContain(`data folder "${folder.path}" is in use`);
    expectSentence(output);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  });

  test("a second process on the same port, too", async () => {
    const { port } = new URL(first.url);
    const { code, output } = await run(["--port", port, "--data", saved.path]);
    expect([code, output]).toEqual([1, expect.stringContaining(`--port ${port}: another program listens there`)]);
    expectSentence(output);
  });

  test("a first start that failed has shown no password, so the next one does", async () => {
    const server = await startServer({ dataFolder: saved.path, environment: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" } });
    expect(server.output()).toMatch(/Password\s+\S{12,}/);
    await server.kill();
  });

  test("SIGTERM ends it with 0 within five seconds, even with a link and a request open", async () => {
    const guest = await signInGuest(first.url);
    const ear = await listen(first.url, guest, `serverlesspresso-user-${guest.sub}`);
    const stalled = fetch(`${first.url}/guests`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new ReadableStream(),
      duplex: "half",
    } as RequestInit).catch(() => {});
    const begunAt = performance.now();
    const code = await first.stop();
    await stalled;
    ear.end();
    expect([code, performance.now() - begunAt < 5_000]).toEqual([0, true]);
    expect(first.output()).toMatch(/SIGTERM: finishing what runs \.\.\.\n(.*\n)*Stopped/);
    cpSync(folder.path, saved.path, { recursive: true });
    const port = Number(new URL(first.url).port);
    first = await startServer({ dataFolder: folder.path, port, environment: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" } });
    // Who was signed in before still is.
    expect((await guest.call("GET", "/myOrders")).status).toBe(200);
  });

  test("the second start shows the addresses and no password", () => {
    expect(first.output()).toContain(`${first.url}/order/`);
    expect(first.output()).not.toMatch(/password/i);
    expect(first.output()).not.toContain(password);
  });

  describe("a folder that is not as it was written is not started on, and the reason said", { timeout: 120_000 }, () => {
    const copy = () => {
      const damaged = temporaryFolder();
      cpSync(saved.path, damaged.path, { recursive: true });
      return damaged;
    };
    test.concurrent.each([
      {
        what: "a store whose head is overwritten",
        spoil: (path: string) => writeFileSync(join(path, "store.mdb"), "x".repeat(200), { flag: "r+" }),
        says: /damaged: at byte \d+ its magic is/,
      },
      {
        what: "a store of eleven bytes",
        spoil: (path: string) => writeFileSync(join(path, "store.mdb"), "not a store"),
        says: /damaged: it has 11 bytes, expected at least \d+/,
      },
      {
        what: "a store with its first pages zeroed",
        spoil: (path: string) => writeFileSync(join(path, "store.mdb"), Buffer.alloc(16_384), { flag: "r+" }),
        says: /damaged/,
      },
      {
        what: "a store cut in the middle",
        spoil: (path: string) => truncateSync(join(path, "store.mdb"), 8192 * 4),
        says: /damaged|checksum|backup/i,
      },
      {
        what: "keys that are no JSON",
        spoil: (path: string) => writeFileSync(join(path, "keys", "user-pool-keys.json"), "{"),
        says: /key file ".*user-pool-keys\.json" is damaged; restore it/,
      },
    ])("$what", async ({ spoil, says }) => {
      const damaged = copy();
      spoil(damaged.path);
      const { code, output } = await run(["--port", "0", "--data", damaged.path]);
      damaged.remove();
      expect([code, output]).toEqual([1, expect.stringMatching(says)]);
      expectSentence(output);
    });

    test.concurrent("a store of a newer release", async () => {
      const newer = copy();
      const db = openDatabase<Buffer, Buffer>({
        path: join(newer.path, "store.mdb"),
        keyEncoding: "binary",
        encoding: "binary",
        overlappingSync: false,
        pageSize: 8192,
      });
      const [key, text] = [keyOf("format"), JSON.stringify({ version: 99 })];
      const value = Buffer.alloc(text.length + 4);
      value.write(text, 4);
      value.writeUInt32LE(crc32(value.subarray(4), crc32(key)), 0);
      await db.put(Buffer.from(key), value);
      await db.close();
      const { code, output } = await run(["--port", "0", "--data", newer.path]);
      newer.remove();
      expect([code, output]).toEqual([1, expect.stringMatching(/format 99, this release reads up to \d+; start a newer release/)]);
      expectSentence(output);
    });

    test.concurrent("a file where the folder should be", async () => {
      const place = temporaryFolder();
      const path = join(place.path, "file");
      writeFileSync(path, "x");
      const { code, output } = await run(["--port", "0", "--data", path]);
      place.remove();
      expect([code, output]).toEqual([1, expect.stringContaining(path)]);
      expectSentence(output);
    });

    test.concurrent("the copy that nobody spoiled is whole", async () => {
      const store = await openStore({ folder: saved.path, onFailure: () => {} });
      await store.close();
    });
  });
});

describe("a flag or variable that will not do: its name, what it has, what was expected", { timeout: 120_000 }, () => {
  test.concurrent.each([
    { args: ["--port", "coffee"], says: '--port is "coffee", expected a whole number from 0 to 65535' },
    { args: ["--clock-rate", "0"], says: '--clock-rate is "0", expected a number from' },
    { args: ["--coffee"], says: "--coffee is no flag of npm start, expected --port, --host, " },
    { args: [], environment: { GUEST_SIGN_IN: "maybe" }, says: 'GUEST_SIGN_IN is "maybe", expected on or off' },
    {
      args: [],
      environment: { SMTP_URL: "http://user:hunter2@mail" },
      says: "SMTP_URL is not an address of a mail server, expected smtp://",
    },
  ])("$args $environment", async ({ args, environment, says }) => {
    const { code, output } = await run(args, environment as unknown as Record<string, string>);
    expect([code, output]).toEqual([2, expect.stringContaining(says)]);
    expect(output).not.toContain("hunter2");
    expectSentence(output);
  });

  test("what only a look outside shows: a certificate that is not there, an address this machine has not", async () => {
    const place = temporaryFolder();
    const missing = await run(["--data", place.path, "--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.key"]);
    expect([missing.code, missing.output]).toEqual([1, expect.stringContaining('--tls-cert is "/nowhere.pem", expected a file in PEM')]);
    expectSentence(missing.output);
    const elsewhere = await run(["--data", place.path, "--port", "0", "--host", "203.0.113.7"]);
    expect([elsewhere.code, elsewhere.output]).toEqual([
      1,
      expect.stringContaining("--host 203.0.113.7: this machine has no such address"),
    ]);
    expectSentence(elsewhere.output);
    place.remove();
  });

  test("a password for the first admin that anybody would guess", async () => {
    const place = temporaryFolder();
    const { code, output } = await run(["--data", place.path, "--port", "0"], { ADMIN_EMAIL: adminEmail, ADMIN_PASSWORD: "short" });
    place.remove();
    expect([code, output]).toEqual([1, expect.stringMatching(/ADMIN_PASSWORD: .*expected at least 8 characters/)]);
    expectSentence(output);
  });

  test("--help ends with 0 and names every flag", async () => {
    const { code, output } = await run(["--help"]);
    expect(code).toBe(0);
    for (const flag of ["--port", "--host", "--data", "--clock-rate", "--robots", "--tls-cert", "--tls-key"])
      expect(output).toContain(flag);
  });
});

test("RELIABILITY 4, 27: what the process prints holds no code, no token and no password", async () => {
  const place = temporaryFolder();
  const server = await startServer({ dataFolder: place.path });
  const admin = await signInAdmin(server.url);
  const guest = await signInGuest(server.url);
  const { code } = (await admin.call<Window>("GET", "/qr-code")).body;
  expect((await fetch(`${server.url}/order/?token=${encodeURIComponent(code)}`)).headers.get("referrer-policy")).toBe("no-referrer");
  expect((await guest.scan(`${code}x`)).status).toBe(400);
  expect((await guest.scan(code)).status).toBe(201);
  expect(await server.stop()).toBe(0);
  const printed = server.output();
  for (const secret of [code, code.split(".")[1] ?? "-", admin.token, guest.token, guest.refreshToken, adminPassword])
    expect(printed).not.toContain(secret);
  place.remove();
});

test("RELIABILITY 15: --host opens it to the network and says at which addresses, and what is not opened with it", async () => {
  const place = temporaryFolder();
  const server = await startServer({ dataFolder: place.path, host: "127.0.0.3" });
  const { host } = new URL(server.url);
  expect(server.output()).toContain(`On the network http://${host}/order/  /barista/  /display/  /console/`);
  expect(server.output()).toContain("Signed calls are answered from this machine alone; --wire lan opens them to the network.");
  expect(server.output()).not.toMatch(/This machine alone can reach it/);
  expect(await server.stop()).toBe(0);
  place.remove();
});

test("RELIABILITY 15: with a proxy in front it says who can reach it, directly and through the proxy", async () => {
  const place = temporaryFolder();
  const server = await startServer({ dataFolder: place.path, args: ["--trust-proxy", "loopback"] });
  expect(server.output()).toContain(
    "This machine alone can reach it directly. A proxy on it (--trust-proxy loopback) opens it to everyone who can reach the proxy.",
  );
  expect(server.output()).not.toMatch(/This machine alone can reach it;/);
  expect(await server.stop()).toBe(0);
  place.remove();
});

test("RELIABILITY 15: by default nobody but this machine is served", async () => {
  const place = temporaryFolder();
  const server = await startServer({ dataFolder: place.path });
  const { port } = new URL(server.url);
  expect(server.output()).toMatch(/This machine alone can reach it/);
  // What the kernel says, where there is the tool.
  const sockets = spawnSync("ss", ["-ltnH"], { encoding: "utf8" });
  if (sockets.status === 0) {
    const ours = sockets.stdout.split("\n").map((line) => line.split(/\s+/)[3] ?? "");
    expect(ours.filter((address) => address.endsWith(`:${port}`))).toEqual([`127.0.0.1:${port}`]);
  }
  // A port that is taken on the loopback alone is free on the other addresses.
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(Number(port), "127.0.0.2", () => probe.close(() => resolve()));
  });
  expect(await server.stop()).toBe(0);
  place.remove();
});
