/**
 * Files one after the other in the ustar format of POSIX, so that `tar tf` lists a backup. Names that do not fit in a header
 * stand in an extended header before it.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
import type { FileHandle } from "node:fs/promises";

const block = 512;
const chunkBytes = 256 * 1024;
const longestName = 4096;
/** What eleven octal digits hold. */
const mostBytes = 8 ** 11 - 1;

/** A file of an archive. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
}

/** Writes the entry's head; its body of `bytes` bytes and `padding(bytes)` follow. @throws {RangeError} beyond 8 GiB */
export function tarHead({ name, bytes }: TarEntry): Buffer {
  if (bytes > mostBytes) throw new RangeError(`"${name}" has ${bytes} bytes, expected at most ${mostBytes}`);
  if (Buffer.byteLength(name) <= 100) return header(name, bytes, "0");
  const record = paxRecord("path", name);
  return Buffer.concat([header("long-name", record.length, "x"), record, padding(record.length), header(name.slice(-20), bytes, "0")]);
}

/** What fills the last block of a body. */
export function padding(bytes: number): Buffer {
  return Buffer.alloc((block - (bytes % block)) % block);
}

/** The two empty blocks at the end. */
export const tarEnd = Buffer.alloc(2 * block);

/** Reads an archive's files in turn; whatever `use` leaves unread is skipped. @throws {RangeError} if it is no archive, or is cut off */
export async function readTar(file: FileHandle, use: (entry: TarEntry, body: AsyncIterable<Buffer>) => Promise<void>): Promise<void> {
  let at = 0;
  let longName: string | undefined;
  for (;;) {
    const head = await readExactly(file, at, block);
    at += block;
    if (head.every((byte) => byte === 0)) return;
    const { name, bytes, type } = parseHeader(head, at - block);
    if (type === "x" && bytes <= 2 * longestName) longName = parsePaxPath(await readExactly(file, at, bytes));
    else if (type !== "0") throw new RangeError(`at byte ${at - block} it has an entry of type "${type}", expected a file`);
    else {
      await use({ name: longName ?? name, bytes }, readBody(file, at, bytes));
      longName = undefined;
    }
    at += bytes + padding(bytes).length;
  }
}

function header(name: string, bytes: number, type: "0" | "x"): Buffer {
  const head = Buffer.alloc(block);
  head.write(name, 0);
  head.write("0000600\0", 100);
  head.write("0000000\0".repeat(2), 108);
  head.write(`${bytes.toString(8).padStart(11, "0")}\0`, 124);
  head.write(`${"0".repeat(11)}\0`, 136);
  head.write(type, 156);
  head.write("ustar\u000000", 257);
  head.write(`${checksum(head).toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}

/** The sum of all bytes, those of the sum itself counted as blanks. */
function checksum(head: Buffer): number {
  return head.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function parseHeader(head: Buffer, at: number): { name: string; bytes: number; type: string } {
  const text = (from: number, length: number): string => head.toString("utf8", from, from + length).replace(/\0.*$/s, "");
  const bytes = Number.parseInt(text(124, 12), 8);
  if (Number.parseInt(text(148, 8), 8) !== checksum(head) || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw new RangeError(`at byte ${at} it has no header of a file, expected an archive made by npm run backup`);
  }
  return { name: text(0, 100), bytes, type: text(156, 1) };
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (`${length}`.length + rest !== length) length++;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function parsePaxPath(record: Buffer): string {
  return /^\d+ path=(.*)\n$/s.exec(record.toString("utf8"))?.[1] ?? "";
}

async function* readBody(file: FileHandle, at: number, bytes: number): AsyncIterable<Buffer> {
  for (let done = 0; done < bytes; done += chunkBytes) yield await readExactly(file, at + done, Math.min(chunkBytes, bytes - done));
}

async function readExactly(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
  if (bytesRead < bytes) throw new RangeError(`it ends at byte ${at + bytesRead}, in the middle of a file`);
  return buffer;
}
