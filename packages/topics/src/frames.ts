/** What the broker sends: packets of MQTT, each in a frame of WebSocket. A server's frame has no mask, so that its bytes are the same for every link. */

/** One packet in its frame. */
function frameOf(packet: Buffer): Buffer {
  const { length } = packet;
  const binary = 0x82;
  if (length < 126) return Buffer.concat([Buffer.from([binary, length]), packet]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = binary;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, packet]);
}

/** CONNACK by its return code: 0 accepts. */
export const connack = (returnCode: number): Buffer => frameOf(Buffer.from([0x20, 2, 0, returnCode]));
/** PINGRESP. */
export const pingresp = frameOf(Buffer.from([0xd0, 0]));

/** SUBACK: of each filter the QoS that was granted, or 128. */
export function suback(packetId: number, granted: readonly number[]): Buffer {
  return frameOf(packetOf(0x90, Buffer.from([packetId >> 8, packetId & 0xff, ...granted])));
}

/** UNSUBACK. */
export const unsuback = (packetId: number): Buffer => frameOf(Buffer.from([0xb0, 2, packetId >> 8, packetId & 0xff]));

/** PUBLISH, not retained and sent for the first time. @param packetId absent for QoS 0 */
export function publish(topic: string, payload: Buffer, packetId?: number): Buffer {
  const name = Buffer.from(topic);
  const id = packetId === undefined ? [] : [packetId >> 8, packetId & 0xff];
  const body = Buffer.concat([Buffer.from([name.length >> 8, name.length & 0xff]), name, Buffer.from(id), payload]);
  return frameOf(packetOf(packetId === undefined ? 0x30 : 0x32, body));
}

function packetOf(first: number, body: Buffer): Buffer {
  const length: number[] = [];
  for (let left = body.length; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.concat([Buffer.from([first, ...length, left]), body]);
    length.push((left % 128) | 0x80);
  }
}
