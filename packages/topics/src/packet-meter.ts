/**
 * Measures MQTT control packets as their bytes pass, so that a length announced but never sent costs nothing.
 * @returns a function that takes the next bytes and answers false once a packet is longer than `maxBytes`
 * @see https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718023
 */
export function createPacketMeter(maxBytes: number): (bytes: Uint8Array) => boolean {
  let left = 0;
  let lengthBytes = -1;
  let length = 0;

  function takeLengthByte(byte: number): boolean {
    length += (byte & 0x7f) * 128 ** lengthBytes;
    lengthBytes += 1;
    if (length > maxBytes || lengthBytes > 4) return false;
    if ((byte & 0x80) === 0) [left, lengthBytes, length] = [length, -1, 0];
    return true;
  }

  return (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      if (left > 0) {
        const skipped = Math.min(left, bytes.length - at);
        left -= skipped;
        at += skipped;
      } else if (lengthBytes < 0) {
        // The first byte: packet type and flags.
        lengthBytes = 0;
        at += 1;
      } else if (!takeLengthByte(bytes[at++] as number)) return false;
    }
    return true;
  };
}
