import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connack, pingresp, publish, suback, unsuback } from "./frames.ts";
import { type ClientPacket, createPacketReader, PacketError } from "./packets.ts";

const field = (text: string): number[] => [text.length >> 8, text.length & 255, ...Buffer.from(text)];
const packet = (first: number, ...body: number[]): Buffer => {
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
  return Buffer.from([first, ...length, ...body]);
};
const connect = (flags: number, ...more: number[]): Buffer => packet(0x10, ...field("MQTT"), 4, flags, 0, 30, ...field("phone"), ...more);
const read = (bytes: Buffer): ClientPacket[] => createPacketReader()(bytes);

const known: readonly (readonly [Buffer, ClientPacket])[] = [
  [
    connect(0xc2, ...field("token"), ...field("x".repeat(200))),
    {
      type: "connect",
      isKnownProtocol: true,
      clientId: "phone",
      keepAliveSeconds: 30,
      hasWill: false,
      password: "x".repeat(200),
    },
  ],
  [
    connect(0x2e, ...field("will"), ...field("gone")),
    { type: "connect", isKnownProtocol: true, clientId: "phone", keepAliveSeconds: 30, hasWill: true, password: undefined },
  ],
  [
    packet(0x10, ...field("MQTT"), 5, 2, 0, 30, 0, ...field("phone")),
    { type: "connect", isKnownProtocol: false, clientId: "", keepAliveSeconds: 0, hasWill: false, password: undefined },
  ],
  [
    packet(0x82, 1, 2, ...field("a"), 2, ...field("b/+"), 0),
    {
      type: "subscribe",
      packetId: 258,
      filters: [
        ["a", 1],
        ["b/+", 0],
      ],
    },
  ],
  [packet(0xa2, 0, 1, ...field("a")), { type: "unsubscribe", packetId: 1, filters: ["a"] }],
  [packet(0x40, 0, 1), { type: "puback" }],
  [packet(0xc0), { type: "pingreq" }],
  [packet(0xe0), { type: "disconnect" }],
];

test("PK1: reads what a listener sends, however it is cut into pieces", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...known), { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 90 })),
      (some, lengths) => {
        const bytes = Buffer.concat(some.map(([one]) => one));
        const take = createPacketReader();
        const packets: ClientPacket[] = [];
        for (let at = 0; at < bytes.length; ) {
          const length = lengths.next().value as number;
          packets.push(...take(bytes.subarray(at, at + length)));
          at += length;
        }
        expect(packets).toEqual(some.map(([, one]) => one));
      },
    ),
  );
});

describe("PK2: refuses", () => {
  test.each([
    { what: "PUBLISH", bytes: packet(0x32, ...field("a"), 0, 1) },
    { what: "PUBREL", bytes: packet(0x62, 0, 1) },
    { what: "a packet that only servers send", bytes: packet(0x20, 0, 0) },
    { what: "a SUBSCRIBE without its flags", bytes: packet(0x80, 0, 1, ...field("a"), 1) },
    { what: "a SUBSCRIBE of nothing", bytes: packet(0x82, 0, 1) },
    { what: "packet id 0", bytes: packet(0x82, 0, 0, ...field("a"), 1) },
    { what: "QoS 3", bytes: packet(0x82, 0, 1, ...field("a"), 3) },
    { what: "an empty filter", bytes: packet(0x82, 0, 1, ...field(""), 1) },
    { what: "a wildcard beside other text", bytes: packet(0x82, 0, 1, ...field("a+"), 1) },
    { what: "# before the last level", bytes: packet(0x82, 0, 1, ...field("#/a"), 1) },
    { what: "a zero within a text", bytes: packet(0x82, 0, 1, ...field("a\u0000"), 1) },
    { what: "a text that is not UTF-8", bytes: packet(0x82, 0, 1, 0, 1, 0xff, 1) },
    { what: "a text beyond its packet", bytes: packet(0x82, 0, 1, 0, 9, 0x61, 1) },
    { what: "bytes after the last field", bytes: packet(0xc0, 1) },
    { what: "a reserved flag of CONNECT", bytes: connect(0x03) },
    { what: "a password without a user", bytes: connect(0x42, ...field("x")) },
    { what: "the QoS of a will without a will", bytes: connect(0x0a) },
    { what: "a length of five bytes", bytes: Buffer.from([0x82, 0xff, 0xff, 0xff, 0xff, 1]) },
  ])("$what", ({ bytes }) => expect(() => read(bytes)).toThrow(PacketError));
});

test("what the broker sends is a packet in a frame without a mask", () => {
  expect([...connack(5)]).toEqual([0x82, 4, 0x20, 2, 0, 5]);
  expect([...pingresp]).toEqual([0x82, 2, 0xd0, 0]);
  expect([...suback(258, [1, 128])]).toEqual([0x82, 6, 0x90, 4, 1, 2, 1, 128]);
  expect([...unsuback(7)]).toEqual([0x82, 4, 0xb0, 2, 0, 7]);
  expect([...publish("a", Buffer.from("xy"))]).toEqual([0x82, 7, 0x30, 5, 0, 1, 0x61, 0x78, 0x79]);
  expect([...publish("a", Buffer.from("x"), 258)]).toEqual([0x82, 8, 0x32, 6, 0, 1, 0x61, 1, 2, 0x78]);
});

test.each([
  { bytes: 200, head: [0x82, 126, 0, 208, 0x32, 0xcd, 0x01] },
  { bytes: 70_000, head: [0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x79, 0x32, 0xf5, 0xa2, 0x04] },
])("a payload of $bytes bytes", ({ bytes, head }) => {
  expect([...publish("a", Buffer.alloc(bytes), 1).subarray(0, head.length)]).toEqual(head);
});
