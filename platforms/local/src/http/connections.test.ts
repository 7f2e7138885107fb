/** RELIABILITY 35: what one address may hold, and those that do not read. Time is held still. */
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { createManualClock } from "@serverlesspresso/clock";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchConnections } from "./connections.ts";

const clock = createManualClock();
const mostPerAddress = 3;
const opened: Socket[] = [];
let server: Server;
let isForwarded: boolean;
let stop: () => void;
beforeEach(async () => {
  isForwarded = false;
  // More than the buffers of sockets hold.
  server = createServer((_, response) => void Readable.from(pieces()).pipe(response));
  stop = watchConnections(server, (address) => ({ address, isForwarded }), { clock, mostPerAddress });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
  stop();
  server.close();
});

function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => {});
  opened.push(socket);
  return new Promise((resolve) => socket.once("connect", () => resolve(socket)));
}
function* pieces(): Generator<Buffer> {
  for (let at = 0; at < 2_000; at++) yield Buffer.alloc(65_536);
}
/** Reads 6 MB, and no more. */
function takeSome(socket: Socket): Promise<void> {
  let taken = 0;
  return new Promise((resolve) => {
    const take = (data: Buffer): void => {
      taken += data.length;
      if (taken < 6_000_000) return;
      socket.off("data", take).pause();
      resolve();
    };
    socket.on("data", take).resume();
  });
}
const ended = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));
const count = (): Promise<number> => new Promise((resolve) => server.getConnections((_, number) => resolve(number)));

test("RELIABILITY 35: an address holds so many connections; one that closes makes room for the next", async () => {
  const first = await open();
  await open();
  await open();
  await ended(await open());
  first.destroy();
  await expect.poll(count).toBe(mostPerAddress - 1);
  const next = await open();
  await expect.poll(count).toBe(mostPerAddress);
  expect(next.destroyed).toBe(false);
});

test("RELIABILITY 35: those of a trusted proxy are its clients', and are not counted", async () => {
  isForwarded = true;
  for (let at = 0; at < 2 * mostPerAddress; at++) await open();
  await expect.poll(count).toBe(2 * mostPerAddress);
});

test("RELIABILITY 35: who reads nothing of an answer for a minute is ended; who reads a little goes on", async () => {
  const [deaf, slow] = [await open(), await open()];
  for (const socket of [deaf, slow]) socket.pause().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const gone = ended(deaf);
  for (let seconds = 0; seconds < 75; seconds += 5) {
    await takeSome(slow);
    await clock.advance(5_000);
  }
  deaf.resume();
  await gone;
  await expect.poll(count).toBe(1);
  expect(slow.destroyed).toBe(false);
});
