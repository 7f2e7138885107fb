import { createSystemClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { expect } from "vitest";
import { type Platform, startPlatform } from "../../../platforms/local/src/platform.ts";
import { latte } from "../../api/steps.ts";
import { eventually, type Person, signInAdmin, signInGuest, type Window } from "../../support/api.ts";
import { adminEmail, adminPassword, temporaryFolder } from "../../support/server.ts";
import { attachFunctions } from "./attach-functions.ts";
import { environmentOf } from "./functions.ts";
import { startGatewayServer } from "./gateway-server.ts";
import { createProcesses, type Processes } from "./processes.ts";
import type { RuntimeClient } from "./runtime-client.ts";

/** A bar whose functions run in processes of their own; its time is the machine's. */
export interface RuntimeBar {
  readonly url: string;
  readonly platform: Platform;
  readonly lambda: Processes;
  readonly admin: Person;
  /** What went wrong beside the answers. */
  readonly errors: readonly string[];
  guest(name?: string): Promise<Person>;
  configure(changes: JsonObject): Promise<void>;
  /** The current code. */
  code(): Promise<string>;
  /** A guest with an order. */
  scanned(): Promise<{ guest: Person; orderId: string }>;
  /** One whose order has its drink and its number. */
  submitted(): Promise<{ guest: Person; orderId: string }>;
  until(orderId: string, state: string): Promise<void>;
  /** Resumes the state that an execution waits in, as the console does. */
  resume(executionArn: string): Promise<void>;
  close(): Promise<void>;
}

/** Asks until there is something; a function's process may have to start first. */
export const soon = <T>(what: string, read: () => Promise<T | undefined | false>): Promise<T> => eventually(what, read, 30);

/** @param client what runs the functions */
export async function openRuntimeBar(client: RuntimeClient): Promise<RuntimeBar> {
  const folder = temporaryFolder();
  const errors: string[] = [];
  const onError = (error: unknown, what: string): void => void errors.push(`${what}: ${String(error)}`);
  const platform = await startPlatform({ dataFolder: folder.path, adminEmail, adminPassword, rateLimitFactor: 0, onError });
  const { pool } = platform.identities;
  const aws = { url: platform.url, issuer: pool.issuer(), dataFolder: folder.path, userPoolId: pool.poolId, clientId: pool.clientId };
  const lambda = createProcesses(client, platform.port, { ...environmentOf(aws), LOG_LEVEL: "INFO" });
  await attachFunctions(platform, lambda);
  const gateway = await startGatewayServer({ platform: () => platform, invoke: lambda.invoke, nowMs: createSystemClock().nowMs });
  const admin = await signInAdmin(gateway.url);
  const resumed = new Set<string>();

  const bar: RuntimeBar = {
    url: gateway.url,
    platform,
    lambda,
    admin,
    errors,
    guest: (name = "Ada") => signInGuest(gateway.url, name),
    async configure(changes) {
      expect((await admin.call("PUT", "/config", changes)).status).toBe(200);
    },
    code: async () => (await admin.call<Window>("GET", "/qr-code")).body.code,
    async scanned() {
      const guest = await bar.guest();
      const { status, body } = await guest.scan(await bar.code());
      expect(status).toBe(201);
      return { guest, orderId: body.orderId };
    },
    async submitted() {
      const { guest, orderId } = await bar.scanned();
      await soon("the order to take its drink", async () => (await guest.act(orderId, "", latte)).status === 200);
      await soon("its number", async () => ((await admin.order(orderId)).orderNumber ?? 0) > 0);
      return { guest, orderId };
    },
    async until(orderId, state) {
      await soon(`order ${orderId} to be ${state}`, async () => (await admin.order(orderId)).orderState === state);
    },
    async resume(executionArn) {
      const taskToken = await soon("a task token", async () => {
        const request = { executionArn, maxResults: 1000, reverseOrder: true };
        const { events } = platform.workflows.query(platform.store, "GetExecutionHistory", request);
        const found = /TaskToken\\*":\s*\\*"([^"\\]+)/.exec(JSON.stringify(events))?.[1];
        return found === undefined || resumed.has(found) ? undefined : found;
      });
      resumed.add(taskToken);
      await platform.store.transact((tx) => platform.workflows.execute(tx, "SendTaskSuccess", { taskToken, output: "{}" }));
    },
    async close() {
      await gateway.close();
      await platform.stop();
      await lambda.stop();
      folder.remove();
    },
  };
  return bar;
}
