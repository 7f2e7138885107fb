import { Duplex } from "node:stream";
import type { RawData } from "ws";
import type { Connection } from "./connection.ts";
import type { BrokerLimits } from "./limits.ts";
import type { Portions } from "./portions.ts";

/** The stream, and what is to be done with each message of the WebSocket. */
export interface PacketStream {
  readonly stream: Duplex;
  receive(data: RawData): void;
}

/**
 * A WebSocket as the byte stream an MQTT broker reads and writes. What a client sends is counted, and read in portions. Writing never waits:
 * what a slow client has not taken lies in its own socket, and beyond the limits that client is cut off, so it holds up no other.
 */
export function createPacketStream({ socket, inbound, cut }: Connection, limits: BrokerLimits, portions: Portions): PacketStream {
  let queued = 0;
  const send = (data: Buffer): void => {
    queued += 1;
    socket.send(data, () => void (queued -= 1));
    if (queued > limits.maxQueuedMessages) cut(`more than ${limits.maxQueuedMessages} messages wait for it`, true);
    else if (socket.bufferedAmount > limits.maxQueuedBytes) cut(`more than ${limits.maxQueuedBytes} bytes wait for it`, true);
  };
  const stream = new Duplex({
    writableHighWaterMark: limits.maxQueuedBytes * 2,
    read: () => socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      send(chunk);
      done();
    },
    writev(chunks, done) {
      send(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
      done();
    },
    final(done) {
      socket.close(1000);
      done();
    },
    destroy(_error, done) {
      if (socket.readyState === socket.OPEN) socket.close(1000);
      done(null);
    },
  });
  const pass = (bytes: Buffer): void => {
    if (!stream.destroyed && !stream.push(bytes)) socket.pause();
  };
  socket.on("close", () => stream.destroy());
  socket.on("error", () => stream.destroy());
  return {
    stream,
    receive(data) {
      if (stream.destroyed) return;
      const bytes = bytesOf(data);
      const packets = inbound.takePackets(bytes);
      if (typeof packets === "string") cut(packets);
      else portions.add(packets, () => pass(bytes));
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
