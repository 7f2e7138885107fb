import type { Duplex } from "node:stream";
import type { Clock } from "@serverlesspresso/ports";
import type { WebSocket } from "ws";
import type { Address } from "./addresses.ts";
import type { Connection } from "./connection.ts";
import type { Cuts } from "./cuts.ts";
import { gate } from "./gate.ts";
import { createInbound } from "./inbound.ts";
import type { BrokerLimits } from "./limits.ts";
import type { SpareTurns } from "./spare-turns.ts";

/** How long a link that is cut off may take to read the reason. */
const lingerMs = 1_000;

/** What all links of an address share. `turns` ends those that miss their deadline. */
export interface LinkOptions {
  readonly limits: BrokerLimits;
  readonly cuts: Cuts;
  readonly clock: Clock;
  /** Ends in turns: a crowd of links that were opened together comes to its deadline together. */
  readonly turns: SpareTurns;
  /** Called when the link waits for its CONNECT no longer. */
  readonly onSaid: () => void;
}

/** A new link from an address: what it sends is counted from here on, and it waits for its CONNECT. */
export function createLink(
  webSocket: WebSocket,
  socket: Duplex,
  address: Address,
  { limits, cuts, clock, turns, onSaid }: LinkOptions,
): Connection {
  const nowMs = (): number => clock.nowMs();
  const inbound = createInbound(limits, address, nowMs);
  let queued = 0;

  function unlessCut(refusal: string | undefined): boolean {
    if (refusal !== undefined) cut(refusal);
    return !connection.isCut;
  }

  function cut(reason: string, atOnce = false): void {
    if (connection.isCut) return;
    connection.isCut = true;
    connection.said();
    cuts.count(reason, address.name);
    webSocket.close(1008, reason);
    if (atOnce) webSocket.terminate();
    else linger();
  }

  /**
   * Throws away what it still sends until it has read the reason and ended its side: a reset while it sends would lose the reason on its way
   * (RFC 9112, section 9.6). A link that does not end is ended after `lingerMs`.
   */
  function linger(): void {
    socket.end();
    socket.resume();
    webSocket.once(
      "close",
      clock.at(nowMs() + lingerMs, () => webSocket.terminate()),
    );
  }

  const onWritten = (): void => void (queued -= 1);
  function send(frame: Buffer): void {
    if (connection.isOver()) return;
    queued += 1;
    socket.write(frame, onWritten);
    if (queued > limits.maxQueuedMessages) cut(`more than ${limits.maxQueuedMessages} messages wait for it`, true);
    else if (socket.writableLength > limits.maxQueuedBytes) cut(`more than ${limits.maxQueuedBytes} bytes wait for it`, true);
  }

  const connection: Connection = {
    socket: webSocket,
    inbound,
    send,
    end: () => webSocket.close(1000),
    isOver: () => webSocket.readyState !== webSocket.OPEN,
    cut,
    makeRoom: () => cut("others wait for its place, and it has not said CONNECT"),
    said() {
      if (!address.waiting.delete(connection)) return;
      stopWaiting();
      onSaid();
    },
    openedMs: nowMs(),
    heardMs: nowMs(),
    packetMs: nowMs(),
    keepAliveSeconds: 0,
    checkedMs: 0,
    topics: new Set(),
    isCut: false,
  };
  const stopWaiting = clock.at(clock.nowMs() + limits.connectSeconds * 1000, () =>
    turns.add(() => address.waiting.has(connection) && cut("CONNECT did not come in time")),
  );
  const heard = (): void => void (connection.heardMs = nowMs());

  gate(socket, (length) => unlessCut(inbound.takeBytes(length)));
  webSocket.on("pong", heard);
  webSocket.on("ping", () => unlessCut(inbound.takePing()));
  webSocket.on("error", () => {});
  address.waiting.add(connection);
  webSocket.on("close", () => connection.said());
  return connection;
}
