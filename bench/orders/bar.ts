/** A bar whose limits are out of the way, and what guests and measurements need of it. */
import { join } from "node:path";
import { names } from "@serverlesspresso/contract";
import mqtt from "mqtt";
import { createRobotApi, type RobotApi } from "../../platforms/local/src/robots/api.ts";
import { callApi, type Person, signInAdmin, type Window } from "../../test/support/api.ts";
import { type Server, startServer } from "../../test/support/server.ts";
import { profiled } from "../profile.ts";
import type { Shop } from "./guest.ts";

const main = join(import.meta.dirname, "../../platforms/local/src/main.ts");
/** More than the API takes, so it is written into the tables, as an operator's DynamoDB call can. */
const beyondAll = "1000000";
/** An order without an end for so long is given up. */
const longestMs = 20_000;

export interface OpenedBar {
  readonly server: Server;
  readonly barista: RobotApi;
  readonly code: string;
  readonly finished: Shop["finished"];
  /** Lets it end by itself. */
  close(): Promise<void>;
}

/** Starts a bar on a new folder, with a profile of it in `profileFolder` where one is given. */
export async function openBar(dataFolder: string, profileFolder: string | undefined): Promise<OpenedBar> {
  const server = await startServer({ dataFolder, program: profiled(main, profileFolder) });
  const admin = await signInAdmin(server.url);
  const code = await liftLimits(server.url, admin);
  const barista = createRobotApi(server.url);
  barista.adopt({ AccessToken: admin.token });
  const ends = await hearEnds(server.url, admin.token);
  return {
    server,
    barista,
    code,
    finished: ends.of,
    async close() {
      ends.close();
      await server.stop();
    },
  };
}

/** Returns the code of a window that lasts all day. */
async function liftLimits(url: string, admin: Person): Promise<string> {
  await expectOk(admin.call("PUT", "/config", { maxOrdersPerDevicePerWindow: 0, barcodeMinutes: 1_440, drinksPerBarcode: 10_000 }));
  await update(url, admin, names.configTable, "config", "maxOrdersInQueue");
  const { code, startMs, endMs } = (await expectOk(admin.call<Window>("GET", "/qr-code"))).body;
  await update(url, admin, names.validatorTable, `${Math.floor(startMs / (endMs - startMs))}`, "availableTokens");
  return code;
}

async function update(url: string, { token }: Person, TableName: string, PK: string, attribute: string): Promise<void> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.UpdateItem" };
  const body = {
    ...{
      TableName,
      Key: { PK: { S: PK } },
      UpdateExpression: `SET ${attribute} = :n`,
      ConditionExpression: `attribute_exists(${attribute})`,
    },
    ExpressionAttributeValues: { ":n": { N: beyondAll } },
  };
  await expectOk(callApi(url, token, "POST", "/", body, headers));
}

async function expectOk<T extends { readonly status: number; readonly body: unknown }>(call: Promise<T>): Promise<T> {
  const answer = await call;
  if (answer.status >= 300) throw new Error(`the bar answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Listens as barista apps do; that an order is over reaches them when its workflow has ended. */
async function hearEnds(url: string, token: string) {
  const waiting = new Map<string, () => void>();
  const client = await mqtt.connectAsync(`${url.replace("http", "ws")}/mqtt`, { reconnectPeriod: 0, username: "token", password: token });
  client.on("message", (_, payload) => {
    if (!payload.includes("OrderProcessor.orderFinished")) return;
    const { detail } = JSON.parse(`${payload}`) as { readonly detail: { readonly orderId: string } };
    waiting.get(detail.orderId)?.();
  });
  await client.subscribeAsync(names.adminTopic, { qos: 1 });
  return {
    of: (orderId: string): Promise<boolean> =>
      new Promise((resolve) => {
        const settle = (isHeard: boolean): void => {
          clearTimeout(late);
          waiting.delete(orderId);
          resolve(isHeard);
        };
        const late = setTimeout(settle, longestMs, false).unref();
        waiting.set(orderId, () => settle(true));
      }),
    close: () => void client.end(true),
  };
}
