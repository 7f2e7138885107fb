/**
 * An MQTT 3.1.1 broker over WebSocket for clients that only listen.
 *
 * M1. A client is who its access token says (the password of CONNECT); one without a token has no identity.
 * M2. Every filter of every SUBSCRIBE is asked about on its own; wildcards, `$` topics and shared subscriptions are never granted.
 * M3. Clients publish nothing: PUBLISH ends the link, a will is refused at CONNECT. Nothing is retained and no session outlives its link.
 * M4. A client id belongs to its user: the same id cuts off the older link of that user alone.
 * M5. A link ends at most 60 s after its token ended or is no longer good.
 * M6. One slow client holds up no other; beyond its limits it is cut off.
 * M7. `publish` delivers with QoS 1 and resolves once every link of the topic has been given the message.
 * M8. What a link and an address send is limited, acknowledgements of what they were given aside; the excess is not looked at and ends the link. What is taken is taken in portions, links are opened and ended in turns, so that no crowd holds up the loop.
 * M9. Of an address so many links and no more are without their CONNECT. Those that come meanwhile stand in line, whatever their clients know of a crowd, and are opened as the others say it, or make
 *     room because it ought to have come. Where the line is full none is accepted, and a newcomer waits for its refusal. Each link that is cut off is counted, and the sums are reported.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, JsonValue } from "@serverlesspresso/ports";
import { type RawData, WebSocketServer } from "ws";
import { type Address, createAddresses } from "./addresses.ts";
import { createAdmission } from "./admission.ts";
import { createAuthorization } from "./authorization.ts";
import { BrokerClosed } from "./broker-closed.ts";
import type { ClientIdentity, Connection } from "./connection.ts";
import { createCuts } from "./cuts.ts";
import { type BrokerLimits, defaultLimits } from "./limits.ts";
import { createLink } from "./link.ts";
import { createOpenings } from "./openings.ts";
import { createPortions } from "./portions.ts";
import { createRefusals } from "./refusals.ts";
import { createSession } from "./session.ts";
import { createSpareTurns } from "./spare-turns.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { startSweeping } from "./sweeps.ts";

/** What the broker is given. `verify` rejects a token that is not valid; `maySubscribe` decides filter by filter (M2). */
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

/** From where a request comes, and the name by which it calls us. */
export interface UpgradeSource {
  readonly address: string;
  readonly host: string | undefined;
}

/** The broker of one process: links come in by HTTP upgrade, messages go out by `publish`. See M1 to M9. */
export interface Broker {
  /** Takes over an HTTP upgrade; answers 400, 403, 429 or 503 where it must not become a link. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, source: UpgradeSource): void;
  publish(topic: string, payload: JsonValue): Promise<void>;
  /** Links that are open now: tests of hostile clients wait for them to be gone. */
  connectionCount(): number;
  /** Links cut off since the start: only by it a test tells a link that was cut from one that its client ended. */
  cutCount(): number;
  close(): Promise<void>;
}

const sweepMs = 5000;
/** With the sweep after it, within the 60 s of M5. */
const recheckMs = 60_000 - 2 * sweepMs;
/** What one turn of the loop takes. */
const packetsPerTurn = 64;

/** A broker that listens nowhere by itself: pass it the upgrades of an HTTP server. */
export async function createBroker(options: BrokerOptions): Promise<Broker> {
  const { clock, networkClock = clock, onError } = options;
  const limits: BrokerLimits = { ...defaultLimits, ...options.limits };
  const connections = new Set<Connection>();
  const clients = new Map<string, Connection>();
  const subscriptions = createSubscriptions();
  const addresses = createAddresses(limits, () => networkClock.nowMs());
  const portions = createPortions(packetsPerTurn);
  const turns = createSpareTurns();
  const cuts = createCuts(onError);
  const authorization = createAuthorization({ ...options, maxSubscriptions: limits.maxSubscriptions, recheckMs });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.maxConnectBytes,
    handleProtocols: () => "mqtt",
  });
  const refusalOf = createAdmission({ limits, cuts, clock: networkClock, origins: options.origins ?? [] });
  const openings = createOpenings({ limits, clock: networkClock, turns });
  const refusals = createRefusals(networkClock, limits.refusalSeconds);
  let links = 0;
  let isClosed = false;
  const stopSweeping = startSweeping({
    connections,
    authorization,
    clock: networkClock,
    turns,
    keepAliveSeconds: limits.keepAliveSeconds,
    everyMs: sweepMs,
    alsoDo() {
      addresses.forgetIdle();
      cuts.tell();
    },
  });

  /** M8. */
  function openInTurn(request: IncomingMessage, socket: Duplex, head: Buffer, address: Address): void {
    links += 1;
    address.links += 1;
    socket.once("close", () => {
      links -= 1;
      address.links -= 1;
    });
    openings.add(address, socket, () => open(request, socket, head, address));
  }

  function open(request: IncomingMessage, socket: Duplex, head: Buffer, address: Address): void {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // M9.
      if (address.waiting.size >= limits.waitingPerAddress) address.waiting.values().next().value?.makeRoom();
      const connection = createLink(webSocket, socket, address, {
        limits,
        cuts,
        clock: networkClock,
        turns,
        onSaid: () => openings.roomIn(address),
      });
      connections.add(connection);
      const receive = createReceiver(connection);
      webSocket.on("message", receive);
      webSocket.on("close", () => {
        connections.delete(connection);
        subscriptions.forget(connection);
        if (connection.clientId !== undefined && clients.get(connection.clientId) === connection) clients.delete(connection.clientId);
      });
    });
  }

  /** M8. What a client sends is counted, and looked at in portions. */
  function createReceiver(connection: Connection): (data: RawData) => void {
    const take = createSession(connection, { authorization, subscriptions, clients, limits });
    return (data) => {
      connection.heardMs = connection.packetMs = networkClock.nowMs();
      const bytes = bytesOf(data);
      const packets = connection.inbound.takePackets(bytes);
      if (typeof packets === "string") connection.cut(packets);
      else portions.add(packets, () => connection.isOver() || take(bytes));
    };
  }

  return {
    handleUpgrade(request, socket, head, source) {
      socket.on("error", () => socket.destroy());
      const address = addresses.of(source.address);
      const refusal = refusalOf(request, source.host, address, links);
      if (refusal?.startsWith("429")) refusals.refuseLater(socket, refusal);
      else if (refusal !== undefined) refusals.refuse(socket, refusal);
      else openInTurn(request, socket, head, address);
    },
    publish(topic, payload) {
      if (isClosed) return Promise.reject(new BrokerClosed());
      return subscriptions.send(topic, JSON.stringify(payload));
    },
    connectionCount: () => connections.size,
    cutCount: cuts.total,
    async close() {
      isClosed = true;
      stopSweeping();
      refusals.close();
      openings.close();
      for (const { socket } of connections) socket.close(1001, "the server stops");
      // The reason goes out before the end.
      await new Promise((resolve) => setImmediate(resolve));
      for (const { socket } of connections) socket.terminate();
      sockets.close();
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
