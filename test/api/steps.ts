/** The steps that journeys are made of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importJWK, type JWK, SignJWT } from "jose";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { type Answer, callApi, type OrderView, type Person, type Tokens, type Window } from "../support/api.ts";
import type { Bar } from "../support/bar.ts";

export const latte = { drink: "Latte", modifiers: ["Oat"], name: "Ada", note: "not too hot" };
/** What a refusal looks like. */
export interface ProblemView {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}
export const problemNamed = (slug: string): string => `urn:serverlesspresso:problem:${slug}`;

/** A guest with a new order, whose workflow waits for the drink. */
export async function scanned(bar: Bar, person?: Person): Promise<{ guest: Person; orderId: string }> {
  const guest = person ?? ((await bar.guests(1))[0] as Person);
  const current = (await (await bar.admin()).call<Window>("GET", "/qr-code")).body;
  const { code } = current.remaining > 0 ? current : await bar.nextWindow();
  const { status, body } = await guest.scan(code);
  if (status !== 201) throw new Error(`scan answered ${status}: ${JSON.stringify(body)}`);
  await bar.quiet();
  return { guest, orderId: body.orderId };
}

/** A guest whose order waits for a barista. */
export async function submitted(bar: Bar, person?: Person): Promise<{ guest: Person; orderId: string }> {
  const order = await scanned(bar, person);
  const { status, body } = await order.guest.act(order.orderId, "placeOrder", latte);
  if (status !== 200) throw new Error(`submission answered ${status}: ${JSON.stringify(body)}`);
  await bar.quiet();
  return order;
}

/** Brings an order to one of its open states. */
export async function brought(bar: Bar, state: "CREATED" | "SUBMITTED" | "MAKING"): Promise<{ guest: Person; orderId: string }> {
  if (state === "CREATED") return scanned(bar);
  const order = await submitted(bar);
  if (state === "MAKING") await (await bar.admin()).act(order.orderId, "make");
  await bar.quiet();
  return order;
}

/** A call of an AWS JSON protocol: `POST /` with its `X-Amz-Target`. */
export function callAws<T = Record<string, unknown>>(url: string, target: string, body: unknown, token?: string): Promise<Answer<T>> {
  return callApi(url, token, "POST", "/", body, { "content-type": "application/x-amz-json-1.1", "x-amz-target": target });
}

/** An operation of the user pool. */
export function callPool<T = Record<string, unknown>>(bar: Bar, operation: string, body: object): Promise<Answer<T>> {
  const { clientId } = bar.platform.identities.pool;
  return callAws(bar.url, `AWSCognitoIdentityProviderService.${operation}`, { ClientId: clientId, ...body });
}

/** A call of the user pool that takes an operator. */
export async function callPoolAsOperator<T = Record<string, unknown>>(bar: Bar, operation: string, body: object): Promise<Answer<T>> {
  const { poolId } = bar.platform.identities.pool;
  const { token } = await bar.admin();
  return callAws<T>(bar.url, `AWSCognitoIdentityProviderService.${operation}`, { UserPoolId: poolId, ...body }, token);
}

/** The access token of a new account in these groups; a barista's where they are not said. */
export async function accountToken(bar: Bar, Username: string, groups: readonly string[] = ["admin"]): Promise<string> {
  const Password = "another quiet harbour 41";
  const UserAttributes = [{ Name: "email_verified", Value: "true" }];
  await callPoolAsOperator(bar, "AdminCreateUser", { Username, MessageAction: "SUPPRESS", UserAttributes });
  await callPoolAsOperator(bar, "AdminSetUserPassword", { Username, Password, Permanent: true });
  for (const GroupName of groups) await callPoolAsOperator(bar, "AdminAddUserToGroup", { Username, GroupName });
  const { body } = await callPool<{ AuthenticationResult: { AccessToken: string } }>(bar, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: Username, PASSWORD: Password },
  });
  return body.AuthenticationResult.AccessToken;
}

/** All three tokens of a new guest. */
export async function guestTokens(bar: Bar, name = "Eve"): Promise<Tokens & { readonly IdToken: string }> {
  return (await callApi<Tokens & { IdToken: string }>(bar.url, undefined, "POST", "/guests", { name })).body;
}

/** A token as `token`, signed with the pool's own key, of an app client that is not ours: the wrong audience. */
export async function tokenOfOtherClient(dataFolder: string, token: string): Promise<string> {
  const { keys } = JSON.parse(readFileSync(join(dataFolder, "keys", "user-pool-keys.json"), "utf8")) as {
    keys: { kid: string; privateKey: JWK }[];
  };
  const [key = { kid: "", privateKey: {} }] = keys;
  const claims = { ...claimsOf(token), client_id: "another", aud: "another" };
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: key.kid }).sign(await importJWK(key.privateKey, "RS256"));
}

/** What stands in a token. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
}

/** A message as it came over MQTT. */
export interface Heard {
  readonly topic: string;
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly detail: { readonly [name: string]: unknown };
}
export interface Ear {
  readonly client: MqttClient;
  readonly heard: Heard[];
  /** The messages as they came. */
  readonly payloads: string[];
  end(): void;
}

/** Links to the broker, anonymously without a token. Rejects if the broker refuses the link. */
export async function connect(url: string, token?: string, options: IClientOptions = {}): Promise<Ear> {
  const credentials = token === undefined ? {} : { username: "token", password: token };
  const client = mqtt.connect(`${url.replace("http", "ws")}/mqtt`, { reconnectPeriod: 0, ...credentials, ...options });
  const [heard, payloads]: [Heard[], string[]] = [[], []];
  client.on("message", (topic, payload) => {
    payloads.push(`${payload}`);
    heard.push({ topic, ...(JSON.parse(`${payload}`) as Omit<Heard, "topic">) });
  });
  await new Promise<void>((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", reject);
    client.once("close", () => reject(new Error("the link was closed")));
  }).catch((error: unknown) => {
    client.end(true);
    throw error;
  });
  return { client, heard, payloads, end: () => void client.end(true) };
}

/**
 * What the broker granted, filter by filter: 1, or 128 for a refusal; nothing where it ended the link.
 * The packet is written here, since mqtt.js keeps back filters that no honest client would send.
 */
export async function granted({ client }: Ear, filters: string | string[]): Promise<readonly number[]> {
  const answered = new Promise<readonly number[]>((resolve) => {
    client.on("packetreceive", (packet) => packet.cmd === "suback" && resolve(packet.granted as number[]));
    client.once("close", () => resolve([]));
  });
  client.stream.write(subscribePacket([filters].flat()));
  return answered;
}

/** SUBSCRIBE with QoS 1. */
function subscribePacket(filters: readonly string[]): Buffer {
  const wanted = filters.flatMap((filter) => {
    const bytes = Buffer.from(filter);
    return [Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes, Buffer.from([1])];
  });
  const body = Buffer.concat([Buffer.from([0, 1]), ...wanted]);
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
  return Buffer.concat([Buffer.from([0x82, ...length]), body]);
}

/** Resolves once the link is gone. */
export function ended({ client }: Ear): Promise<void> {
  return new Promise((resolve) => client.once("close", () => resolve()));
}

/** Listens to topics from now on. */
export async function listen(url: string, person: Person | undefined, ...topics: string[]): Promise<Ear> {
  const ear = await connect(url, person?.token);
  const codes = await granted(ear, topics);
  if (codes.some((code) => code !== 1)) throw new Error(`${topics.join(", ")}: the broker granted ${codes.join(", ")}`);
  return ear;
}

/** The state of an order as its guest sees it. */
export async function stateOf(guest: Person, orderId: string): Promise<string> {
  return (await guest.call<OrderView>("GET", `/orders/${orderId}`)).body.orderState;
}
