/** One phone: its link and what it reads, over bare sockets, so that thousands cost their process little. */
import { connect as openSocket, type Socket } from "node:net";
import { connect, pingreq, puback, subscribe } from "../../apps/ui/src/mqtt/packets.ts";
import { clientFrame, createFrameReader } from "./frames.ts";
import type { Login, Place } from "./messages.ts";

const connack = 2;
const publish = 3;
const suback = 9;
const pingOpcode = 9;
const pongOpcode = 10;
const upgrade = (port: number): string =>
  `GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`;

/** A phone of the crowd. */
export interface Phone {
  /** Resolves with the grant of its topics. Rejects with a status, or "closed". */
  link(place: Place): Promise<void>;
  /** Reads the config and its orders, as an app does on every link. Rejects with a status where it is refused, or "untrue". */
  read(place: Place): Promise<void>;
  /** Keeps the link from being silent. */
  ping(): void;
  leave(): void;
}

/** @param onMessage runs with each message of a topic */
export function createPhone({ token, topics }: Login, onMessage: () => void): Phone {
  let socket: Socket | undefined;
  let reading: Socket | undefined;

  function link({ port }: Place): Promise<void> {
    socket?.destroy();
    const link = openSocket(port, "127.0.0.1");
    socket = link;
    link.setNoDelay(true).write(upgrade(port));
    return new Promise((resolve, reject) => {
      link.on("error", () => reject(new Error("closed")));
      link.on("close", () => reject(new Error("closed")));
      let read: ReturnType<typeof createFrameReader> | undefined;
      link.on("data", (bytes: Buffer) => {
        let rest = bytes;
        if (read === undefined) {
          const end = bytes.indexOf("\r\n\r\n");
          const status = bytes.toString("latin1", 9, 12);
          if (status !== "101" || end < 0) return void link.destroy(reject(new Error(status)) ?? undefined);
          read = createFrameReader();
          link.write(clientFrame(connect("phone", 30, { username: "token", password: token })));
          rest = bytes.subarray(end + 4);
        }
        for (const { opcode, payload } of read(rest)) takeFrame(link, opcode, payload, resolve, reject);
      });
    });
  }

  function takeFrame(link: Socket, opcode: number, payload: Buffer, resolve: () => void, reject: (error: Error) => void): void {
    if (opcode === pingOpcode) return void link.write(Buffer.concat([Buffer.from([0x80 | pongOpcode, 0x80, 0, 0, 0, 0])]));
    const type = (payload[0] ?? 0) >> 4;
    if (type === connack && payload[3] === 0) link.write(clientFrame(subscribe(1, topics)));
    else if (type === connack) reject(new Error(`CONNACK ${payload[3]}`));
    else if (type === suback) resolve();
    else if (type === publish) {
      link.write(clientFrame(puback(packetIdOf(payload))));
      onMessage();
    }
  }

  async function read(place: Place): Promise<void> {
    reading?.destroy();
    const connection = openSocket(place.port, "127.0.0.1").setNoDelay(true);
    reading = connection;
    const config = await ask(connection, place, token, "/config");
    if (!config.includes(place.truth)) throw new Error("untrue");
    await ask(connection, place, token, "/myOrders");
  }

  return {
    link,
    read,
    ping: () => void socket?.write(clientFrame(pingreq())),
    leave() {
      socket?.destroy();
      reading?.destroy();
    },
  };
}

/** Of a message with QoS 1: it stands behind the topic. */
function packetIdOf(payload: Buffer): number {
  let at = 1;
  while (((payload[at] as number) & 0x80) !== 0) at += 1;
  return payload.readUInt16BE(at + 3 + payload.readUInt16BE(at + 1));
}

/** Asks over a connection that is kept; resolves with the body. */
function ask(connection: Socket, { port }: Place, token: string, path: string): Promise<string> {
  connection.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let answer = "";
    const end = (): void => {
      connection.removeAllListeners("data").removeAllListeners("close").removeAllListeners("error");
      // What is left to come is of no interest; a fault must not end the process.
      connection.on("error", () => {});
    };
    const fail = (reason: string): void => {
      end();
      reject(new Error(reason));
    };
    connection.on("error", () => fail("closed")).on("close", () => fail("closed"));
    connection.on("data", (bytes: Buffer) => {
      answer += bytes.toString("utf8");
      const head = answer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const body = bodyOf(answer.slice(0, head), answer.slice(head + 4));
      if (body === undefined) return;
      if (answer.slice(9, 12) !== "200") return fail(answer.slice(9, 12));
      end();
      resolve(body);
    });
  });
}

/** Undefined while it is not complete. */
function bodyOf(head: string, rest: string): string | undefined {
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return Buffer.byteLength(rest) >= Number(length) ? rest : undefined;
  return rest.endsWith("0\r\n\r\n") ? rest : undefined;
}
