/**
 * Long values lie on disk compressed. LMDB gives a value of more than half a page whole pages of its own, so that is where it pays.
 *
 * B1. `textOf(bodyOf(text))` gives `text`.
 * B2. JSON never begins with the mark, so values of earlier releases, written without it, are read as they are.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const mark = 1;
const longBytes = 2_048;
/** The fastest: the step from none to one saves nearly all there is to save. */
const settings = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** What is stored of a value's JSON text. */
export function bodyOf(text: string): Buffer {
  const plain = Buffer.from(text);
  if (plain.length < longBytes) return plain;
  const compressed = zstdCompressSync(plain, settings);
  return compressed.length + 1 < plain.length ? Buffer.concat([Buffer.of(mark), compressed]) : plain;
}

/** Returns the text that a stored body holds, decompressed where the body begins with the mark (B1). */
export function textOf(body: Buffer): string {
  return (body[0] === mark ? zstdDecompressSync(body.subarray(1)) : body).toString("utf8");
}
