/** Plays the smoke order against a real server: the local platform in its own process. Both platforms respond to it alike. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdminRemoveUserFromGroupCommand, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signInStaff } from "../smoke/api.ts";
import { playOrder } from "../smoke/order.ts";
import { ensureFirstAdmin, hasOperator } from "../tools/cloud/first-admin.ts";

const admin = { adminEmail: "barista@example.org", adminPassword: "a long enough phrase" };
let folder: string;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "smoke-"));
  const { PORT: _, ...inherited } = process.env;
  server = spawn(process.execPath, [join(import.meta.dirname, "../../local/src/main.ts"), "--data", join(folder, "data"), "--port", "0"], {
    env: { ...inherited, ADMIN_EMAIL: admin.adminEmail, ADMIN_PASSWORD: admin.adminPassword },
  });
  let output = "";
  url = await new Promise((resolve, reject) => {
    server.once("exit", () => reject(new Error(output)));
    for (const stream of [server.stdout, server.stderr]) {
      stream?.on("data", (chunk) => {
        output += String(chunk);
        const address = /Order app\s+(http\S+)\/order\//.exec(output)?.[1];
        if (address !== undefined) resolve(address);
      });
    }
  });
}, 60_000);
afterAll(() => {
  server.removeAllListeners("exit");
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

test("an order from the code to the cup, each step told", async () => {
  const lines: string[] = [];
  await playOrder({ url, ...admin, log: (line) => lines.push(line) });
  expect(lines).toHaveLength(17);
  expect(lines.at(-1)).toMatch(/ms {2}the order as it stands: COMPLETED$/);
}, 60_000);

test("a shop without staff gets its first admin, once, who can sign in", async () => {
  const settings = (await (await fetch(`${url}/settings.json`)).json()) as {
    readonly userPoolId: string;
    readonly userPoolWebClientId: string;
  };
  const key = readFileSync(join(folder, "data", "aws-credentials"), "utf8");
  const of = (name: string): string => new RegExp(`${name}\\s*=\\s*(\\S+)`).exec(key)?.[1] ?? "";
  const credentials = { accessKeyId: of("aws_access_key_id"), secretAccessKey: of("aws_secret_access_key") };
  const pool = new CognitoIdentityProviderClient({ endpoint: url, region: "us-east-1", credentials });
  const first = { email: "first@example.org", password: "another long enough phrase" };
  expect(await ensureFirstAdmin(pool, settings.userPoolId, first)).toBeUndefined();
  const Username = admin.adminEmail;
  await pool.send(new AdminRemoveUserFromGroupCommand({ UserPoolId: settings.userPoolId, Username, GroupName: "admin" }));
  expect(await ensureFirstAdmin(pool, settings.userPoolId, first)).toEqual(first);
  await pool.send(new AdminRemoveUserFromGroupCommand({ UserPoolId: settings.userPoolId, Username, GroupName: "operator" }));
  expect(await hasOperator(pool, settings.userPoolId)).toBe(true);
  const token = await signInStaff(url, settings.userPoolWebClientId, first.email, first.password);
  const answer = await fetch(`${url}/qr-code`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  await pool.send(new AdminRemoveUserFromGroupCommand({ UserPoolId: settings.userPoolId, Username: first.email, GroupName: "operator" }));
  expect(await hasOperator(pool, settings.userPoolId)).toBe(false);
}, 60_000);

test("a wrong password ends it with what was answered", async () => {
  const attempt = playOrder({ url, ...admin, adminPassword: "another phrase altogether", log: () => {} });
  await expect(attempt).rejects.toThrow(/^POST \/ answered 400: .*NotAuthorizedException/);
}, 60_000);
