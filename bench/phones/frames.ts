/** As much of WebSocket (RFC 6455) as one that knows the other side needs. */

/** A binary frame as a client sends it. Its mask is zero, which leaves the bytes as they are. */
export function clientFrame(payload: Uint8Array): Buffer {
  const length = payload.length;
  const head = length < 126 ? [0x82, 0x80 | length, 0, 0, 0, 0] : [0x82, 0xfe, length >> 8, length & 255, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** One frame from a server. */
export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Takes the bytes of a server apart: each call returns the frames that are complete with these. */
export function createFrameReader(): (bytes: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const frames: Frame[] = [];
    while (rest.length >= 2) {
      const short = (rest[1] as number) & 0x7f;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (rest.length < start) break;
      const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
      if (rest.length < start + length) break;
      frames.push({ opcode: (rest[0] as number) & 0x0f, payload: rest.subarray(start, start + length) });
      rest = rest.subarray(start + length);
    }
    return frames;
  };
}
