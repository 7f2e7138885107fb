/** RELIABILITY 35: a client that sends requests without reading the answers delays no other client. */
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mostWaiting, oneAtATime } from "./pipelining.ts";
import { createTurnstile } from "./turnstile.ts";

let server: Server;
let begun: { path: string; response: ServerResponse }[];
const opened: Socket[] = [];
beforeEach(async () => {
  begun = [];
  const note = (path: string, response: ServerResponse): void => void begun.push({ path, response });
  server = createServer(oneAtATime(({ url = "" }, response) => note(url, response), createTurnstile()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
  server.close();
});

function send(paths: readonly string[]): Socket {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => {});
  opened.push(socket);
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
  return socket;
}
const numbered = (number: number): string[] => Array.from({ length: number }, (_, at) => `/${at}`);
const paths = (): string[] => begun.map(({ path }) => path);
/** The bodies of the answers read so far. */
function bodiesOf(socket: Socket): string[] {
  const bodies: string[] = [];
  socket
    .setEncoding("utf8")
    .on("data", (text: string) => bodies.push(...[...text.matchAll(/body of (\S+);/g)].map(([, path = ""]) => path)));
  return bodies;
}
const answer = ({ path, response }: (typeof begun)[number]): unknown => response.end(`body of ${path};`);

test("RELIABILITY 35: one request of a connection is under way at a time, and the answers come in order", async () => {
  const bodies = bodiesOf(send(numbered(20)));
  for (let at = 0; at < 20; at++) {
    await expect.poll(() => begun.length).toBe(at + 1);
    answer(begun[at] as (typeof begun)[number]);
  }
  await expect.poll(() => bodies).toEqual(numbered(20));
});

test("RELIABILITY 35: whoever comes with his first request is not behind what others sent without waiting", async () => {
  const crowd = 50;
  for (let at = 0; at < crowd; at++) send(numbered(20));
  await expect.poll(() => begun.length).toBe(crowd);
  send(["/guest"]);
  for (const one of begun.slice()) answer(one);
  // Each answer lets one more of its connection begin.
  await expect.poll(paths).toHaveLength(2 * crowd + 1);
  expect(paths().indexOf("/guest")).toBeLessThan(crowd + 5);
});

test("RELIABILITY 35: a connection that sends far ahead of its answers is ended, and the rest of it never begun", async () => {
  const socket = send(numbered(mostWaiting + 2));
  await new Promise((resolve) => socket.once("close", resolve));
  expect(paths().filter((path) => path !== "/0")).toEqual([]);
});

test("of a connection that ended nothing more is begun; another's goes on", async () => {
  const socket = send(numbered(3));
  await expect.poll(() => begun.length).toBe(1);
  const gone = new Promise((resolve) => begun[0]?.response.once("close", resolve));
  socket.destroy();
  await gone;
  const bodies = bodiesOf(send(["/a", "/b"]));
  for (const at of [1, 2]) {
    await expect.poll(() => begun.length).toBe(at + 1);
    answer(begun[at] as (typeof begun)[number]);
  }
  await expect.poll(() => bodies).toEqual(["/a", "/b"]);
  expect(paths()).toEqual(["/0", "/a", "/b"]);
});
