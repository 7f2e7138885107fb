import { readFileSync } from "node:fs";

/** One record of `shim.c`, in the order in which things began or ended. */
export type TraceRecord =
  | { readonly kind: "write"; readonly file: number; readonly isDurable: boolean; readonly offset: number; readonly bytes: Buffer }
  /** The write or sync with that index has returned. */
  | { readonly kind: "written" | "synced"; readonly file: number; readonly of: number }
  | { readonly kind: "sync"; readonly file: number }
  | { readonly kind: "truncate"; readonly file: number; readonly length: number }
  /** The store's file has its name. */
  | { readonly kind: "name"; readonly file: number }
  | { readonly kind: "print"; readonly text: string };

const headBytes = 32;

/** Reads what the shim recorded. */
export function readTrace(path: string): TraceRecord[] {
  const trace = readFileSync(path);
  const records: TraceRecord[] = [];
  for (let at = 0; at < trace.length; ) {
    const [kind, file] = [trace.readUInt32LE(at), trace.readUInt32LE(at + 4)];
    const [number, offset, length] = [8, 16, 24].map((field) => Number(trace.readBigUInt64LE(at + field))) as [number, number, number];
    const bytes = trace.subarray(at + headBytes, at + headBytes + length);
    records.push(recordOf(kind, file, number, offset, bytes));
    at += headBytes + length;
  }
  return records;
}

function recordOf(kind: number, file: number, number: number, offset: number, bytes: Buffer): TraceRecord {
  switch (kind) {
    case 1:
      return { kind: "write", file, isDurable: number === 1, offset, bytes };
    case 2:
      return { kind: "written", file, of: number };
    case 3:
      return { kind: "sync", file };
    case 4:
      return { kind: "synced", file, of: number };
    case 5:
      return { kind: "truncate", file, length: offset };
    case 6:
      return { kind: "print", text: bytes.toString("utf8") };
    case 7:
      return { kind: "name", file };
    default:
      throw new RangeError(`record of kind ${kind}, expected 1 to 7`);
  }
}
