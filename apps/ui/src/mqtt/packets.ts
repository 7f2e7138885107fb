/**
 * The part of MQTT 3.1.1 a subscriber needs, as bytes.
 *
 * P1. A packet may arrive in any number of pieces and a piece may hold any number of packets.
 * P2. What is not a packet a server may send us is an error: the caller closes the connection.
 * @see https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html
 */

/** What a server sends to a subscriber. */
export type ServerPacket =
  | { readonly type: "connack"; readonly returnCode: number }
  | { readonly type: "suback"; readonly packetId: number; readonly granted: readonly number[] }
  | { readonly type: "publish"; readonly topic: string; readonly qos: number; readonly packetId: number; readonly payload: Uint8Array }
  | { readonly type: "pingresp" };

/** The largest packet taken; events are at most 256 KB. */
const MAX_PACKET_BYTES = 1 << 20;

const utf8 = new TextEncoder();
const text = new TextDecoder();

const uint16 = (value: number): number[] => [value >> 8, value & 255];

function remainingLength(length: number): number[] {
  return length < 128 ? [length] : [(length & 127) | 128, ...remainingLength(length >> 7)];
}

const packet = (header: number, body: number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([header, ...remainingLength(body.length), ...body]);

/** CONNECT with a clean session; user name and password go together or not at all. */
export function connect(
  clientId: string,
  keepAliveSeconds: number,
  login?: { username: string; password: string },
): Uint8Array<ArrayBuffer> {
  const flags = 0x02 | (login ? 0xc0 : 0);
  const credentials = login ? [...field(login.username), ...field(login.password)] : [];
  return packet(0x10, [...field("MQTT"), 4, flags, ...uint16(keepAliveSeconds), ...field(clientId), ...credentials]);
}

function field(value: string): number[] {
  const bytes = utf8.encode(value);
  return [...uint16(bytes.length), ...bytes];
}

/** SUBSCRIBE to every filter with QoS 1. */
export function subscribe(packetId: number, filters: readonly string[]): Uint8Array<ArrayBuffer> {
  return packet(0x82, [...uint16(packetId), ...filters.flatMap((filter) => [...field(filter), 1])]);
}

/** PUBACK: the message was taken. */
export const puback = (packetId: number): Uint8Array<ArrayBuffer> => packet(0x40, uint16(packetId));
/** PINGREQ: still here. */
export const pingreq = (): Uint8Array<ArrayBuffer> => packet(0xc0, []);
/** DISCONNECT: a farewell in good order. */
export const disconnect = (): Uint8Array<ArrayBuffer> => packet(0xe0, []);

const at16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/**
 * Turns chunks of bytes into packets (P1).
 * @throws Error on what no server may send (P2).
 */
export function createDecoder(): (chunk: Uint8Array) => ServerPacket[] {
  let rest = new Uint8Array(0);
  return (chunk) => {
    const joined = new Uint8Array(rest.length + chunk.length);
    joined.set(rest);
    joined.set(chunk, rest.length);
    rest = joined;
    const packets: ServerPacket[] = [];
    for (let found = frame(rest); found && found.end <= rest.length; found = frame(rest)) {
      const parsed = parse(rest[0] ?? 0, rest.slice(found.start, found.end));
      if (parsed) packets.push(parsed);
      rest = rest.slice(found.end);
    }
    return packets;
  };
}

/** Where the body starts and how long it is; `undefined` while the header is incomplete. */
function frame(bytes: Uint8Array): { start: number; end: number } | undefined {
  let length = 0;
  for (let at = 1; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 128 ** (at - 1);
    if (byte < 128) {
      if (length > MAX_PACKET_BYTES) throw new Error(`MQTT: packet of ${length} bytes, at most ${MAX_PACKET_BYTES} taken`);
      return { start: at + 1, end: at + 1 + length };
    }
  }
  throw new Error("MQTT: remaining length has more than 4 bytes");
}

function parse(header: number, body: Uint8Array): ServerPacket | undefined {
  switch (header >> 4) {
    case 2:
      return { type: "connack", returnCode: body[1] ?? 255 };
    case 3:
      return parsePublish(header & 15, body);
    case 4: // PUBACK: we publish nothing, so it answers nothing
      return undefined;
    case 9:
      return { type: "suback", packetId: at16(body, 0), granted: [...body.subarray(2)] };
    case 13:
      return { type: "pingresp" };
    default:
      throw new Error(`MQTT: packet type ${header >> 4} is not one a server sends`);
  }
}

function parsePublish(flags: number, body: Uint8Array): ServerPacket {
  const qos = (flags >> 1) & 3;
  const topicEnd = 2 + at16(body, 0);
  const payloadStart = topicEnd + (qos > 0 ? 2 : 0);
  if (qos > 1 || payloadStart > body.length) throw new Error("MQTT: malformed PUBLISH");
  return {
    type: "publish",
    topic: text.decode(body.subarray(2, topicEnd)),
    qos,
    packetId: qos > 0 ? at16(body, topicEnd) : 0,
    payload: body.subarray(payloadStart),
  };
}
