/** What passed: how many packets began, and the first that is too long, if any. */
export interface Measured {
  readonly packets: number;
  /** How many of them acknowledge a message. */
  readonly acknowledgements: number;
  /** The limit in bytes that a packet is over. */
  readonly tooLong?: number;
}
/** The longest packets by kind, header included. */
export interface PacketLengths {
  readonly maxConnectBytes: number;
  readonly maxPacketBytes: number;
}

const connect = 1;
const puback = 4;

/**
 * Measures MQTT control packets as their bytes pass, so that a length announced but never sent costs nothing.
 * @returns a function that takes the next bytes; what comes after a packet that is too long is not looked at
 * @see https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718023
 */
export function createPacketMeter({ maxConnectBytes, maxPacketBytes }: PacketLengths): (bytes: Uint8Array) => Measured {
  let left = 0;
  let lengthBytes = -1;
  let length = 0;
  let longest = 0;

  function takeLengthByte(byte: number): boolean {
    length += (byte & 0x7f) * 128 ** lengthBytes;
    lengthBytes += 1;
    if (length > longest || lengthBytes > 4) return false;
    if ((byte & 0x80) === 0) [left, lengthBytes, length] = [length, -1, 0];
    return true;
  }

  return (bytes) => {
    let packets = 0;
    let acknowledgements = 0;
    for (let at = 0; at < bytes.length; ) {
      if (left > 0) {
        const skipped = Math.min(left, bytes.length - at);
        left -= skipped;
        at += skipped;
      } else if (lengthBytes < 0) {
        const type = (bytes[at] as number) >> 4;
        longest = type === connect ? maxConnectBytes : maxPacketBytes;
        packets += 1;
        if (type === puback) acknowledgements += 1;
        lengthBytes = 0;
        at += 1;
      } else if (!takeLengthByte(bytes[at++] as number)) return { packets, acknowledgements, tooLong: longest };
    }
    return { packets, acknowledgements };
  };
}
