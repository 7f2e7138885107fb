import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonValue } from "@serverlesspresso/ports";
import mqtt, { type MqttClient } from "mqtt";
import { type Platform, startPlatform } from "./platform.ts";
import type { PlatformOptions } from "./start/options.ts";

/** What a call came back with. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** One caller of the public API; without a token, it has not signed in. */
export interface Person {
  readonly sub: string;
  readonly token: string | undefined;
  call<T = Record<string, unknown>>(method: string, path: string, body?: JsonValue, headers?: Record<string, string>): Promise<Answer<T>>;
}

/** A message as it came over MQTT. */
export interface Heard {
  readonly topic: string;
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

/** A shop in this process, in a folder of its own. */
export interface TestShop {
  readonly platform: Platform;
  readonly folder: string;
  /** What went wrong beside the answers. */
  readonly errors: string[];
  readonly nobody: Person;
  guest(name?: string): Promise<Person>;
  admin(): Promise<Person>;
  /** Listens to a topic from now on. */
  listen(person: Person, topic: string): Promise<Heard[]>;
  /** Stops it and starts another on the same folder and port. */
  restart(options?: Partial<PlatformOptions>): Promise<void>;
  close(): Promise<void>;
}

const admin = { adminEmail: "bar@example.com", adminPassword: "correct horse battery staple 9" } as const;

/** Resolves with a shop that runs over a temporary folder. */
export async function openTestShop(options: Partial<PlatformOptions> = {}): Promise<TestShop> {
  const folder = mkdtempSync(join(tmpdir(), "shop-"));
  const errors: string[] = [];
  const clients: MqttClient[] = [];
  const start = (more: Partial<PlatformOptions> = {}): Promise<Platform> =>
    startPlatform({
      dataFolder: folder,
      ...admin,
      ...options,
      ...more,
      onError: (error, what) => void errors.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`),
    });
  let platform = await start();
  const person = (token?: string): Person => ({
    token,
    sub: token === undefined ? "" : (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string }).sub,
    call: (method, path, body, headers) => callApi(platform.url, token, method, path, body, headers),
  });
  return {
    get platform() {
      return platform;
    },
    folder,
    errors,
    nobody: person(),
    async guest(name = "Ada") {
      const { body } = await callApi<{ AccessToken: string }>(platform.url, undefined, "POST", "/guests", { name });
      return person(body.AccessToken);
    },
    async admin() {
      const body = {
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: platform.identities.pool.clientId,
        AuthParameters: { USERNAME: admin.adminEmail, PASSWORD: admin.adminPassword },
      };
      const answer = await callAws<{ AuthenticationResult: { AccessToken: string } }>(
        platform.url,
        "AWSCognitoIdentityProviderService.InitiateAuth",
        body,
      );
      return person(answer.body.AuthenticationResult.AccessToken);
    },
    async listen({ token }, topic) {
      const client = await mqtt.connectAsync(`${platform.url.replace("http", "ws")}/mqtt`, {
        username: "token",
        ...(token !== undefined && { password: token }),
        reconnectPeriod: 0,
      });
      clients.push(client);
      const heard: Heard[] = [];
      client.on("message", (from, payload) => heard.push({ topic: from, ...(JSON.parse(`${payload}`) as Omit<Heard, "topic">) }));
      await client.subscribeAsync(topic, { qos: 1 });
      return heard;
    },
    async restart(more) {
      const { port } = platform;
      await platform.stop();
      platform = await start({ port, ...more });
    },
    async close() {
      for (const client of clients) client.end(true);
      await platform.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function callApi<T>(
  url: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: JsonValue,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  return answerOf(
    await fetch(url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
}

/** A call of an AWS JSON protocol. */
export async function callAws<T = Record<string, unknown>>(
  url: string,
  target: string,
  body: JsonValue,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const all = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...headers };
  return answerOf(await fetch(`${url}/`, { method: "POST", headers: all, body: JSON.stringify(body) }));
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as T, headers: response.headers };
}
