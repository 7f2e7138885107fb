import { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { BrokerLimits } from "./limits.ts";
import { createPacketMeter } from "./packet-meter.ts";

/**
 * A WebSocket as the byte stream an MQTT broker reads and writes. Writing never waits: what a slow client has not taken
 * lies in its own socket, and beyond the limits that client is cut off, so it holds up no other.
 */
export function createPacketStream(socket: WebSocket, limits: BrokerLimits, onCut: (reason: string) => void): Duplex {
  const fits = createPacketMeter(limits.maxPacketBytes);
  let queued = 0;
  const cut = (reason: string): void => {
    onCut(reason);
    // A word of farewell would only wait behind what the client does not take.
    socket.terminate();
    stream.destroy();
  };
  const send = (data: Buffer): void => {
    queued += 1;
    socket.send(data, () => void (queued -= 1));
    if (queued > limits.maxQueuedMessages) cut(`more than ${limits.maxQueuedMessages} messages wait for this client`);
    else if (socket.bufferedAmount > limits.maxQueuedBytes) cut(`more than ${limits.maxQueuedBytes} bytes wait for this client`);
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
  socket.on("message", (data: RawData) => {
    const bytes = bytesOf(data);
    if (!fits(bytes)) {
      socket.close(1009, `a packet is longer than ${limits.maxPacketBytes} bytes`);
      stream.destroy();
    } else if (!stream.destroyed && !stream.push(bytes)) socket.pause();
  });
  socket.on("close", () => stream.destroy());
  socket.on("error", () => stream.destroy());
  return stream;
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
