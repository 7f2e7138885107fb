/**
 * The part of MQTT 3.1.1 that a broker for listeners needs, as bytes.
 *
 * PK1. A packet may arrive in any number of pieces, and a piece may hold any number of packets.
 * PK2. What no listener may send is a `PacketError`, a PUBLISH too: the link ends (3.1.1, 4.8).
 * @see https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html
 */
import { isUtf8 } from "node:buffer";

/** The first packet of a link. */
export interface ConnectPacket {
  readonly type: "connect";
  /** Whether it is MQTT 3.1 or 3.1.1. */
  readonly isKnownProtocol: boolean;
  readonly clientId: string;
  readonly keepAliveSeconds: number;
  readonly hasWill: boolean;
  readonly password: string | undefined;
}

/** What a listener sends. */
export type ClientPacket =
  | ConnectPacket
  | { readonly type: "subscribe"; readonly packetId: number; readonly filters: readonly (readonly [filter: string, qos: 0 | 1])[] }
  | { readonly type: "unsubscribe"; readonly packetId: number; readonly filters: readonly string[] }
  | { readonly type: "puback" | "pingreq" | "disconnect" };

/** Bytes that are not a packet a listener may send (PK2). */
export class PacketError extends Error {
  override readonly name = "PacketError";
}

/** Types of packets with the flags that each must have, as its first byte. */
const first = { connect: 0x10, puback: 0x40, subscribe: 0x82, unsubscribe: 0xa2, pingreq: 0xc0, disconnect: 0xe0 };
const flag = { reserved: 0x01, clean: 0x02, will: 0x04, willQos: 0x18, willRetain: 0x20, password: 0x40, user: 0x80 };
const protocols = new Map([
  ["MQTT", 4],
  ["MQIsdp", 3],
]);

/** Returns a function that takes the next bytes and returns the packets that are complete with them (PK1). @throws {PacketError} PK2 */
export function createPacketReader(): (bytes: Buffer) => ClientPacket[] {
  let rest: Buffer | undefined;
  return (bytes) => {
    const joined = rest === undefined ? bytes : Buffer.concat([rest, bytes]);
    const packets: ClientPacket[] = [];
    let at = 0;
    for (let body = bodyOf(joined, at); body !== undefined && body.end <= joined.length; body = bodyOf(joined, at)) {
      packets.push(parse(joined[at] as number, joined.subarray(body.start, body.end)));
      at = body.end;
    }
    // A copy: the rest must not keep a larger piece in memory.
    rest = at === joined.length ? undefined : Buffer.from(joined.subarray(at));
    return packets;
  };
}

/** Where a body starts and ends; undefined while its length is not there. */
function bodyOf(bytes: Buffer, at: number): { readonly start: number; readonly end: number } | undefined {
  let length = 0;
  for (let index = 1; index <= 4; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) return { start: at + index + 1, end: at + index + 1 + length };
  }
  throw new PacketError("a length of more than four bytes");
}

function parse(firstByte: number, body: Buffer): ClientPacket {
  const fields = createFields(body);
  const packet = parseFields(firstByte, fields);
  if (fields.left() > 0) throw new PacketError("bytes after a packet's end");
  return packet;
}

function parseFields(firstByte: number, fields: Fields): ClientPacket {
  switch (firstByte) {
    case first.connect:
      return connectOf(fields);
    case first.subscribe:
      return { type: "subscribe", packetId: fields.packetId(), filters: oneOrMore(fields, () => [fields.filter(), fields.qos()] as const) };
    case first.unsubscribe:
      return { type: "unsubscribe", packetId: fields.packetId(), filters: oneOrMore(fields, fields.filter) };
    case first.puback:
      fields.packetId();
      return { type: "puback" };
    case first.pingreq:
      return { type: "pingreq" };
    case first.disconnect:
      return { type: "disconnect" };
    default:
      throw new PacketError(`a packet that begins with ${firstByte}`);
  }
}

function connectOf(fields: Fields): ConnectPacket {
  const level = protocols.get(fields.text());
  const isKnownProtocol = fields.byte() === level;
  // What follows is another protocol's, so it is not looked at.
  if (!isKnownProtocol) {
    fields.skip();
    return { type: "connect", isKnownProtocol, clientId: "", keepAliveSeconds: 0, hasWill: false, password: undefined };
  }
  const flags = fields.byte();
  const has = (bit: number): boolean => (flags & bit) !== 0;
  if (has(flag.reserved) || (!has(flag.user) && has(flag.password))) throw new PacketError("flags of CONNECT");
  if (!has(flag.will) && has(flag.willQos | flag.willRetain)) throw new PacketError("flags of a will without one");
  const keepAliveSeconds = fields.uint16();
  const clientId = fields.text();
  if (has(flag.will)) [fields.text(), fields.bytes()];
  if (has(flag.user)) fields.text();
  const password = has(flag.password) ? fields.bytes().toString("utf8") : undefined;
  return { type: "connect", isKnownProtocol, clientId, keepAliveSeconds, hasWill: has(flag.will), password };
}

function oneOrMore<T>(fields: Fields, next: () => T): T[] {
  const all = [next()];
  while (fields.left() > 0) all.push(next());
  return all;
}

/** Reads a body from its beginning to its end. */
interface Fields {
  byte(): number;
  uint16(): number;
  bytes(): Buffer;
  text(): string;
  packetId(): number;
  filter(): string;
  qos(): 0 | 1;
  skip(): void;
  left(): number;
}

function createFields(body: Buffer): Fields {
  let at = 0;
  function take(length: number): number {
    if (at + length > body.length) throw new PacketError("a packet shorter than its fields");
    at += length;
    return at - length;
  }
  const byte = (): number => body[take(1)] as number;
  const uint16 = (): number => body.readUInt16BE(take(2));
  const bytes = (): Buffer => {
    const length = uint16();
    return body.subarray(take(length), at);
  };
  function text(): string {
    const read = bytes();
    if (!isUtf8(read) || read.includes(0)) throw new PacketError("a text that is not UTF-8");
    return read.toString("utf8");
  }
  return {
    byte,
    uint16,
    bytes,
    text,
    packetId() {
      const id = uint16();
      if (id === 0) throw new PacketError("packet id 0");
      return id;
    },
    filter() {
      const filter = text();
      if (!isFilter(filter)) throw new PacketError("a wildcard beside other text");
      return filter;
    },
    qos() {
      const qos = byte();
      if (qos > 2) throw new PacketError("a QoS above 2");
      return qos === 0 ? 0 : 1;
    },
    skip: () => void take(body.length - at),
    left: () => body.length - at,
  };
}

/** A wildcard stands for a whole level, and "#" for the last (3.1.1, 4.7.1). */
function isFilter(filter: string): boolean {
  if (filter === "") return false;
  if (!/[+#]/.test(filter)) return true;
  const levels = filter.split("/");
  return levels.every((level, at) => level === "+" || (level === "#" && at === levels.length - 1) || !/[+#]/.test(level));
}
