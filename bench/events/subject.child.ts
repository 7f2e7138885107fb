/** A bar with the bench's service, in a process of its own; it measures what it receives, one word after the other, and ends with the last. */
import { blueprintOf } from "@serverlesspresso/blueprint";
import { names } from "@serverlesspresso/contract";
import { services } from "@serverlesspresso/services";
import { keyOf } from "@serverlesspresso/store";
import mqtt from "mqtt";
import { type Platform, startPlatform } from "../../platforms/local/src/platform.ts";
import { measure, onNewFolder } from "../measure.ts";
import { arrive, arrived, events, type Route, routes, service } from "./service.ts";
import type { Order, Taken } from "./subject.ts";

const all = [...services, service];

process.once("message", (orders: readonly Order[]) =>
  onNewFolder(async (dataFolder) => {
    const onError = (error: unknown, what = ""): void => console.error(what, error);
    const platform = await startPlatform({ dataFolder, port: 0, blueprint: blueprintOf(all, names), services: all, onError });
    await subscribe(platform.url);
    for (const order of orders) process.send?.(await take(platform, order));
    await platform.stop();
    // A subscriber's link would keep the process.
    process.exit();
  }),
);

async function subscribe(url: string): Promise<void> {
  const client = await mqtt.connectAsync(`${url.replace("http", "ws")}/mqtt`, { reconnectPeriod: 0 });
  client.on("message", (_, payload) => arrive((JSON.parse(`${payload}`) as { readonly orderId?: string }).orderId ?? ""));
  await client.subscribeAsync(names.configTopic, { qos: 1 });
}

let sent = 0;

async function take(platform: Platform, { route, isFloor, inFlight, seconds }: Order): Promise<Taken> {
  const once = isFloor ? floorOf(platform, route) : (detail: Detail) => put(platform, route, detail);
  let done = 0;
  const begun = process.cpuUsage();
  const measured = await measure(inFlight, seconds, async (report) => {
    const detail = { orderId: `order-${sent++}`, userId: "user-7f3a", drink: "Cappuccino" };
    const from = performance.now();
    const arrival = arrived(detail.orderId);
    await once(detail);
    await arrival;
    done++;
    report(performance.now() - from);
  });
  const { user, system } = process.cpuUsage(begun);
  return { ...measured, processorMs: (user + system) / 1_000 / done };
}

type Detail = Readonly<Record<"orderId" | "userId" | "drink", string>>;

async function put(platform: Platform, route: Route, detail: Detail): Promise<void> {
  await platform.putEvents([{ source: names.eventSource, detailType: events[route].detailType, detail }]);
}

/** As many bytes as the event's envelope has, durable, then what its way ends in, called directly. */
function floorOf({ store, broker }: Platform, route: Route): (detail: Detail) => Promise<void> {
  const envelope = { version: "0", id: "x".repeat(36), account: "123456789012", time: "2026-01-01T09:00:00Z", region: "us-east-1" };
  return async (detail) => {
    const value = { ...envelope, source: names.eventSource, "detail-type": events[route].detailType, resources: [], detail };
    await store.transact((tx) => tx.put(keyOf("raw", routes.indexOf(route), sent++), value));
    if (route === "subscriber") await broker.publish(names.configTopic, detail);
    else arrive(detail.orderId);
  };
}
