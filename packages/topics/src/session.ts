import type { Authorization } from "./authorization.ts";
import { ConnectRefused } from "./connect-refused.ts";
import type { Connection } from "./connection.ts";
import { connack, pingresp, suback, unsuback } from "./frames.ts";
import type { BrokerLimits } from "./limits.ts";
import { type ClientPacket, type ConnectPacket, createPacketReader, PacketError } from "./packets.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What all sessions of a broker share. */
export interface SessionOptions {
  readonly authorization: Authorization;
  readonly subscriptions: Subscriptions;
  /** Links by the id by which the broker knows their client (M4). */
  readonly clients: Map<string, Connection>;
  readonly limits: BrokerLimits;
}

const accepted = connack(0);
const unknownProtocol = 1;
const refused = 0x80;

/** Returns what takes the bytes of MQTT that a link sends, from CONNECT to the end of the link. */
export function createSession(connection: Connection, options: SessionOptions): (bytes: Buffer) => void {
  const { authorization, subscriptions, clients, limits } = options;
  const read = createPacketReader();
  let state: "new" | "admitting" | "admitted" = "new";
  /** What came before its CONNECT was answered; as much as a link may send at once. */
  let held: ClientPacket[] = [];

  function take(packet: ClientPacket): void {
    if (connection.isOver()) return;
    if (state === "admitting") held.push(packet);
    else if (state === "new") begin(packet);
    else {
      const answer = serve(packet);
      if (answer !== undefined) connection.send(answer);
    }
  }

  function begin(packet: ClientPacket): void {
    if (packet.type !== "connect") throw new PacketError(`${packet.type} before CONNECT`);
    connection.said();
    state = "admitting";
    admit(packet).catch((error: unknown) => {
      if (error instanceof ConnectRefused) refuse(error.returnCode);
      else connection.end();
    });
  }

  async function admit(packet: ConnectPacket): Promise<void> {
    if (!packet.isKnownProtocol) throw new ConnectRefused("it speaks another version", unknownProtocol);
    const id = await authorization.admit(connection, { ...packet, refusal: refusalOf(packet) });
    if (connection.isOver()) return;
    clients.get(id)?.end();
    clients.set(id, connection);
    connection.clientId = id;
    // Longer than the limit is answered by our own watch over the link; a shorter one is the client's to keep.
    if (packet.keepAliveSeconds <= limits.keepAliveSeconds) connection.keepAliveSeconds = packet.keepAliveSeconds;
    state = "admitted";
    connection.send(accepted);
    for (const waiting of held) take(waiting);
    held = [];
  }

  function refusalOf({ hasWill, clientId }: ConnectPacket): string | undefined {
    if (clientId.length > limits.maxClientIdLength) return "the client id is too long";
    return hasWill ? "a will is not accepted" : undefined;
  }

  function refuse(returnCode: number): void {
    connection.send(connack(returnCode));
    connection.end();
  }

  /** Returns the answer, if the packet has one. */
  function serve(packet: ClientPacket): Buffer | undefined {
    switch (packet.type) {
      case "subscribe":
        return suback(packet.packetId, packet.filters.map(subscribe));
      case "unsubscribe":
        for (const filter of packet.filters) subscriptions.remove(connection, filter);
        return unsuback(packet.packetId);
      case "pingreq":
        return pingresp;
      case "puback":
        return undefined;
      case "disconnect":
        connection.end();
        return undefined;
      case "connect":
        throw new PacketError("a second CONNECT");
    }
  }

  /** M2. */
  function subscribe([filter, qos]: readonly [string, 0 | 1]): number {
    if (!authorization.grants(connection, filter)) return refused;
    subscriptions.add(connection, filter, qos);
    return qos;
  }

  return (bytes) => {
    try {
      for (const packet of read(bytes)) take(packet);
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      connection.end();
    }
  };
}
