import { expect, test } from "vitest";
import { connect, createDecoder, puback, type ServerPacket, subscribe } from "./packets.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.split(" "), (byte) => Number.parseInt(byte, 16));

test.each([
  { name: "CONNACK", hex: "20 02 00 05", packet: { type: "connack", returnCode: 5 } },
  { name: "SUBACK with a refused filter", hex: "90 04 00 01 01 80", packet: { type: "suback", packetId: 1, granted: [1, 128] } },
  { name: "PINGRESP", hex: "d0 00", packet: { type: "pingresp" } },
  {
    name: "PUBLISH, QoS 1",
    hex: "32 08 00 02 61 2f 01 02 68 69",
    packet: { type: "publish", topic: "a/", qos: 1, packetId: 0x0102, payload: bytes("68 69") },
  },
  {
    name: "PUBLISH, QoS 0, empty",
    hex: "30 03 00 01 61",
    packet: { type: "publish", topic: "a", qos: 0, packetId: 0, payload: new Uint8Array(0) },
  },
])("P1. reads $name, in one piece and byte by byte", ({ hex, packet }) => {
  expect(createDecoder()(bytes(hex))).toEqual([packet]);
  const decode = createDecoder();
  expect([...bytes(hex)].flatMap((byte) => decode(Uint8Array.of(byte)))).toEqual([packet]);
});

test("P1. reads several packets of one chunk and keeps the rest", () => {
  const decode = createDecoder();
  const types = (packets: ServerPacket[]): string[] => packets.map(({ type }) => type);
  expect(types(decode(bytes("d0 00 20 02 00 00 d0")))).toEqual(["pingresp", "connack"]);
  expect(types(decode(bytes("00")))).toEqual(["pingresp"]);
});

test("P1. reads a payload longer than one length byte can say", () => {
  const payload = new Uint8Array(20_000).fill(120);
  const length = 3 + payload.length;
  const packet = Uint8Array.from([0x30, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14, 0, 1, 97, ...payload]);
  expect(createDecoder()(packet)).toMatchObject([{ topic: "a", payload }]);
});

test.each([
  { name: "a packet of a client", hex: "10 00" },
  { name: "a length of five bytes", hex: "30 ff ff ff ff 01" },
  { name: "a packet above the limit", hex: "30 ff ff ff 7f" },
  { name: "QoS 2", hex: "34 05 00 01 61 00 01" },
  { name: "a topic longer than its packet", hex: "30 03 00 09 61" },
])("P2. refuses $name", ({ hex }) => expect(() => createDecoder()(bytes(hex))).toThrow("MQTT"));

test("writes CONNECT as the standard's example does", () => {
  expect(connect("me", 30)).toEqual(bytes("10 0e 00 04 4d 51 54 54 04 02 00 1e 00 02 6d 65"));
  expect(connect("", 30, { username: "u", password: "p" })).toEqual(bytes("10 12 00 04 4d 51 54 54 04 c2 00 1e 00 00 00 01 75 00 01 70"));
});

test("writes SUBSCRIBE and PUBACK", () => {
  expect(subscribe(1, ["a"])).toEqual(bytes("82 06 00 01 00 01 61 01"));
  expect(puback(258)).toEqual(bytes("40 02 01 02"));
});
