/**
 * An MQTT 3.1.1 broker over WebSocket for clients that only listen.
 *
 * M1. A client is who its access token says (the password of CONNECT); one without a token is nobody in particular.
 * M2. Every filter of every SUBSCRIBE is asked about on its own; wildcards, `$` topics and shared subscriptions are never granted.
 * M3. Clients publish nothing: PUBLISH ends the link, a will is refused at CONNECT. Nothing is retained and no session outlives its link.
 * M4. A client id belongs to its user: the same id cuts off the older link of that user alone.
 * M5. A link ends at most 60 s after its token ended or is no longer good.
 * M6. One slow client holds up no other; beyond its limits it is cut off.
 * M7. `publish` delivers with QoS 1 and resolves once every link of the topic has been given the message.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, JsonValue } from "@serverlesspresso/ports";
import { Aedes, type AedesOptions, type AuthenticateError, type Client } from "aedes";
import { WebSocketServer } from "ws";
import type { ClientIdentity, Connection } from "./connection.ts";
import { type BrokerLimits, defaultLimits } from "./limits.ts";
import { isOwnOrigin } from "./origin.ts";
import { createPacketStream } from "./packet-stream.ts";

export interface BrokerOptions {
  /** The system's time, in which tokens end. */
  readonly clock: Clock;
  /** The network's time, for keep-alive: real seconds, whatever rate `clock` has. Default `clock`. */
  readonly networkClock?: Clock;
  readonly verify: (token: string) => Promise<ClientIdentity>;
  readonly maySubscribe: (identity: ClientIdentity | undefined, topic: string) => boolean;
  /** Origins of pages besides the host's own. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<BrokerLimits>;
  readonly onError: (error: unknown, what: string) => void;
}

export interface Broker {
  /** Takes over an HTTP upgrade; answers 400, 403 or 503 where it must not become a link. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  publish(topic: string, payload: JsonValue): Promise<void>;
  /** Links that are open now. */
  connectionCount(): number;
  close(): Promise<void>;
}

const notAuthorized = 5;
const badPassword = 4;
const sweepMs = 5000;
/** With the sweep after it, within the 60 s of M5. */
const recheckMs = 60_000 - 2 * sweepMs;

/** A broker that listens nowhere by itself: pass it the upgrades of an HTTP server. */
export async function createBroker(options: BrokerOptions): Promise<Broker> {
  const { clock, networkClock = clock, onError } = options;
  const limits: BrokerLimits = { ...defaultLimits, ...options.limits };
  const connections = new Map<Client, Connection>();
  const connectionOf = (client: Client): Connection => connections.get(client) as Connection;
  const aedes = await openAedes();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.maxPacketBytes,
    handleProtocols: () => "mqtt",
  });
  let anonymousCount = 0;
  let isClosed = false;
  let stopSweeping = (): void => {};
  scheduleSweep();

  async function openAedes(): Promise<Aedes> {
    const hooks: AedesOptions = {
      connectTimeout: limits.connectSeconds * 1000,
      drainTimeout: 0,
      preConnect(client, packet, done) {
        const connection = connectionOf(client);
        if (packet.will !== undefined) connection.refusal = "a will is not accepted";
        if (packet.clientId.length > limits.maxClientIdLength) connection.refusal = "the client id is too long";
        delete packet.will;
        packet.clean = true;
        // Longer than the limit is answered by our own watch over the link; a shorter one is the client's to keep.
        if ((packet.keepalive ?? 0) > limits.keepAliveSeconds) packet.keepalive = 0;
        done(null, true);
      },
      authenticate(client, _username, password, done) {
        admit(client, password?.toString("utf8")).then(
          () => done(null, true),
          (error: AuthenticateError) => done(error, false),
        );
      },
      authorizePublish: (_client, _packet, done) => done(new Error("clients publish nothing")),
      authorizeSubscribe(client, subscription, done) {
        const granted = mayHave(connectionOf(client), subscription.topic);
        if (granted) connectionOf(client).topics.add(subscription.topic);
        done(null, granted ? subscription : null);
      },
    };
    const broker = await Aedes.createBroker(hooks);
    broker.on("unsubscribe", (topics, client) => {
      for (const topic of topics) connections.get(client)?.topics.delete(topic);
    });
    return broker;
  }

  /** M1, M4. */
  async function admit(client: Client, token: string | undefined): Promise<void> {
    const connection = connectionOf(client);
    if (connection.refusal !== undefined) throw refusalOf(connection.refusal, notAuthorized);
    const named = client as { id: string };
    if (token === undefined || token === "") {
      anonymousCount += 1;
      named.id = `anonymous/${anonymousCount}/${client.id}`;
      return;
    }
    try {
      connection.identity = await options.verify(token);
    } catch {
      throw refusalOf("the access token is not good", badPassword);
    }
    connection.token = token;
    connection.checkedMs = clock.nowMs();
    named.id = `user/${connection.identity.sub}/${client.id}`;
  }

  /** M2. */
  function mayHave(connection: Connection, topic: string): boolean {
    if (/[+#]/.test(topic) || topic.startsWith("$") || topic.includes("\u0000")) return false;
    if (!connection.topics.has(topic) && connection.topics.size >= limits.maxSubscriptions) return false;
    return options.maySubscribe(connection.identity, topic);
  }

  function scheduleSweep(): void {
    stopSweeping = networkClock.at(networkClock.nowMs() + sweepMs, () => {
      for (const [client, connection] of connections) sweep(client, connection);
      scheduleSweep();
    });
  }

  /** M5, and links that died without a word. */
  function sweep(client: Client, connection: Connection): void {
    const silentMs = networkClock.nowMs() - connection.heardMs;
    if (silentMs > limits.keepAliveSeconds * 1500) {
      connection.socket.terminate();
      return;
    }
    if (silentMs > limits.keepAliveSeconds * 500) connection.socket.ping();
    if (connection.identity === undefined) return;
    if (clock.nowMs() >= connection.identity.expMs) end(client, connection, "the access token has ended");
    else if (clock.nowMs() - connection.checkedMs >= recheckMs) recheck(client, connection);
  }

  function recheck(client: Client, connection: Connection): void {
    connection.checkedMs = clock.nowMs();
    options.verify(connection.token as string).then(
      (identity) => {
        connection.identity = identity;
        if ([...connection.topics].some((topic) => !mayHave(connection, topic))) end(client, connection, "no longer allowed");
      },
      () => end(client, connection, "the access token is no longer good"),
    );
  }

  function end(client: Client, connection: Connection, reason: string): void {
    connection.socket.close(1008, reason);
    client.close();
  }

  function open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection: Connection = { socket: webSocket, heardMs: networkClock.nowMs(), checkedMs: 0, topics: new Set() };
      const heard = (): void => void (connection.heardMs = networkClock.nowMs());
      webSocket.on("pong", heard);
      webSocket.on("message", heard);
      const stream = createPacketStream(webSocket, limits, (reason) => onError(new Error(reason), "mqtt client cut off"));
      const client = aedes.handle(stream, request);
      connections.set(client, connection);
      webSocket.on("close", () => {
        connections.delete(client);
        client.close();
      });
    });
  }

  return {
    handleUpgrade(request, socket, head) {
      socket.on("error", () => socket.destroy());
      const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
      if (!isOwnOrigin(request, options.origins ?? [])) refuse(socket, "403 Forbidden");
      else if (!protocols.includes("mqtt")) refuse(socket, "400 Bad Request");
      else if (connections.size >= limits.maxConnections) refuse(socket, "503 Service Unavailable");
      else open(request, socket, head);
    },
    publish(topic, payload) {
      const packet = { cmd: "publish", topic, payload: JSON.stringify(payload), qos: 1, retain: false, dup: false } as const;
      if (isClosed) return Promise.reject(new Error("the broker is closed"));
      return new Promise((resolve, reject) => {
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      });
    },
    connectionCount: () => connections.size,
    async close() {
      isClosed = true;
      stopSweeping();
      for (const { socket } of connections.values()) socket.close(1001, "the server stops");
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const { socket } of connections.values()) socket.terminate();
      sockets.close();
    },
  };
}

function refusalOf(message: string, returnCode: number): AuthenticateError {
  return Object.assign(new Error(message), { returnCode }) as AuthenticateError;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
