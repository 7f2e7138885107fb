import mqtt from "mqtt";
import type { Json } from "./api.ts";

/** A client of one topic, as the apps are. */
export interface Live {
  /** Resolves with the first message, early or late, that is of this type and about this order. */
  hears(type: string, orderId: string): Promise<Json>;
  close(): Promise<void>;
}

const patienceMs = 20_000;

/** Connects and subscribes. Rejects if the broker refuses. */
export async function listen(url: string, topic: string, token: string): Promise<Live> {
  const client = await mqtt.connectAsync(url, {
    protocolVersion: 4,
    clean: true,
    clientId: `smoke-${topic.slice(-20)}-${process.pid}`,
    username: "token",
    password: token,
    reconnectPeriod: 0,
    connectTimeout: patienceMs,
  });
  const heard: Json[] = [];
  const waiting = new Set<() => void>();
  client.on("message", (_, payload) => {
    heard.push(JSON.parse(payload.toString()) as Json);
    for (const look of waiting) look();
  });
  const [granted] = await client.subscribeAsync(topic, { qos: 1 });
  if (granted === undefined || granted.qos > 2) throw new Error(`topic ${topic}: the subscription was refused`);

  return {
    hears: (type, orderId) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        const look = (): void => {
          const message = heard.find((one) => one.type === type && (one.detail as Json).orderId === orderId);
          if (message === undefined) return;
          stop();
          resolve(message);
        };
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`topic ${topic}: no ${type} within ${patienceMs / 1000} s`));
        }, patienceMs);
        waiting.add(look);
        look();
      }),
    close: () => client.endAsync(true),
  };
}
