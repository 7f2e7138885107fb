import type { Connection } from "./connection.ts";
import { publish } from "./frames.ts";
import { createPortions } from "./portions.ts";

/** Who listens to what. */
export interface Subscriptions {
  /** Adds a topic to those of a link, or gives it another QoS. */
  add(connection: Connection, topic: string, qos: 0 | 1): void;
  remove(connection: Connection, topic: string): void;
  /** Removes a link with all its topics. */
  forget(connection: Connection): void;
  /** Resolves once every link of the topic has been given the message (M7). */
  send(topic: string, payload: string): Promise<void>;
}

/** So many links are given a message in one turn of the loop. */
const linksPerTurn = 64;
const mostPacketIds = 65_535;

/** Returns the subscriptions of one broker. A message is encoded once, and a crowd is given it in turns; each link gets its messages in the order of the calls. */
export function createSubscriptions(): Subscriptions {
  const all = new Map<string, Map<Connection, 0 | 1>>();
  const portions = createPortions(linksPerTurn);
  let lastPacketId = 0;

  function remove(connection: Connection, topic: string): void {
    connection.topics.delete(topic);
    const links = all.get(topic);
    if (links?.delete(connection) && links.size === 0) all.delete(topic);
  }

  /** The packet id is the same for all: it has to differ from those of a link that are not acknowledged, and so many wait for none. */
  function framesOf(topic: string, payload: string): (qos: 0 | 1) => Buffer {
    const bytes = Buffer.from(payload);
    const frames: Buffer[] = [];
    lastPacketId = (lastPacketId % mostPacketIds) + 1;
    const packetIds = [undefined, lastPacketId];
    return (qos) => (frames[qos] ??= publish(topic, bytes, packetIds[qos]));
  }

  return {
    add(connection, topic, qos) {
      connection.topics.add(topic);
      const links = all.get(topic) ?? new Map<Connection, 0 | 1>();
      all.set(topic, links.set(connection, qos));
    },
    remove,
    forget(connection) {
      for (const topic of connection.topics) remove(connection, topic);
    },
    async send(topic, payload) {
      const links = [...(all.get(topic) ?? [])];
      const frameOf = framesOf(topic, payload);
      function give(from: number): void {
        for (const [connection, qos] of links.slice(from, from + linksPerTurn)) {
          if (!connection.topics.has(topic)) continue;
          if (qos === 1) connection.inbound.expectAcknowledgement();
          connection.send(frameOf(qos));
        }
      }
      // In turns, a single link too: between them the loop empties the sockets of those that read.
      for (let from = 0; from < links.length; from += linksPerTurn) {
        portions.add(Math.min(linksPerTurn, links.length - from), () => give(from));
      }
      await new Promise<void>((resolve) => portions.add(0, resolve));
    },
  };
}
