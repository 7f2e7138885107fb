/**
 * The witness: a small file beside the store that says what the store's file was after the last flush.
 *
 * W1. It is written after each flush, so it never claims more than the store was given to keep. A store that holds less than its
 *     witness has lost an acknowledged change, as where damage makes LMDB go by the older of its two heads.
 * W2. It shows whether the file is as this release left it: closed in order, or written through this system's kernel alone since.
 *     Any other file (copied, or left by a power cut, or by two processes in turn that did not close it) is read in a process of
 *     its own before it is opened (`inspect.ts`).
 * W3. It shows too whether anything was written to a file that was closed in order: the file's last change is then older than the
 *     witness, so that a later one bears another time. Such a file is as its last process had it open, and its pages are not walked again.
 * W4. It is a help: without it, or where it cannot be written, the store is as durable as ever.
 */
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { headChecksum, missesItsEnd } from "./file-check.ts";

/** What a witness says. */
export interface Witnessed {
  /** How many changes were flushed. */
  readonly flushes: number;
  /** Of the file's two heads. */
  readonly head: number | undefined;
  /** Which file: device and inode. */
  readonly file: string;
  /** Which start of the operating system. */
  readonly boot: string;
  /** How many processes have opened it since it was closed in order, or read through. */
  readonly opens: number;
  /** Its length, once it was closed in order, and when it was changed last, in nanoseconds (W3). */
  readonly closedBytes?: number;
  readonly changedNs?: string;
}

/** The small file beside the store that proves which changes were flushed (W1, W2). */
export interface Witness {
  /** Writes down that `flushes` changes are on disk. */
  flushed(flushes: number): void;
  /** Writes down that the store was closed in order, after LMDB has closed it. */
  closed(): void;
}

/** One that was killed leaves a file that is well; one that the file itself ends would do so for ever. */
const mostOpens = 2;
/** A file system whose clock does not tick meanwhile tells too little. */
const mostTries = 5_000;
/** Bytes of a disk's sector are written together. */
const witnessBytes = 512;

/** The witness of the store's file at `path`. */
export function witnessPath(path: string): string {
  return `${path}-witness`;
}

/** Returns what the witness says; undefined if it is missing or cut off. */
export function readWitness(path: string): Witnessed | undefined {
  try {
    const [text = "", checksum] = readFileSync(witnessPath(path), "utf8").trimEnd().split("\n");
    return crc32(text) === Number(checksum) ? (JSON.parse(text) as Witnessed) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the file at `path` is as this release left it (W2). */
export function isAsWitnessed(path: string, witnessed: Witnessed | undefined): boolean {
  if (witnessed === undefined || !existsSync(path)) return false;
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (headChecksum(file) !== witnessed.head || missesItsEnd(file, path)) return false;
    if (witnessed.closedBytes !== undefined) return witnessed.closedBytes === size;
    const { boot, opens } = witnessed;
    return witnessed.file === identityOf(file) && boot !== "" && boot === bootId() && opens < mostOpens;
  } finally {
    closeSync(file);
  }
}

/** Whether nothing was written to the file at `path` since it was closed in order (W3). */
export function isUntouched(path: string, { closedBytes, changedNs, file }: Partial<Witnessed> = {}): boolean {
  if (closedBytes === undefined || changedNs === undefined) return false;
  const { dev, ino, ctimeNs } = statSync(path, { bigint: true });
  return `${dev}:${ino}` === file && String(ctimeNs) === changedNs;
}

/** Opens the witness of an open store. @param before what it said, where the file was trusted for it */
export function openWitness(path: string, before: Witnessed | undefined): Witness {
  const store = openSync(path, "r");
  const file = openSync(witnessPath(path), constants.O_RDWR | constants.O_CREAT, 0o600);
  const opens = before === undefined || before.closedBytes !== undefined ? 1 : before.opens + 1;
  const identity = { file: identityOf(store), boot: bootId(), opens };
  let latest = 0;

  /** Writes until the witness is later than the instant: the system's clock for files ticks every few milliseconds. */
  function isLater(instantNs: bigint, writeAgain: () => void): boolean {
    for (let tries = 0; tries < mostTries; tries++) {
      if (fstatSync(file, { bigint: true }).mtimeNs > instantNs) return true;
      writeAgain();
    }
    return false;
  }

  function write(more: Pick<Witnessed, "closedBytes" | "changedNs">): void {
    const text = JSON.stringify({ flushes: latest, head: headChecksum(store), ...identity, ...more } satisfies Witnessed);
    try {
      writeSync(file, `${text}\n${crc32(text)}`.padEnd(witnessBytes), 0);
    } catch {
      // W4. What it said before stays true.
    }
  }

  return {
    flushed(flushes) {
      latest = flushes;
      write({});
    },
    closed() {
      const { size, ctimeNs } = fstatSync(store, { bigint: true });
      const closedBytes = Number(size);
      write({ closedBytes });
      if (isLater(ctimeNs, () => write({ closedBytes }))) write({ closedBytes, changedNs: String(ctimeNs) });
      closeSync(file);
      closeSync(store);
    },
  };
}

function identityOf(file: number): string {
  const { dev, ino } = fstatSync(file, { bigint: true });
  return `${dev}:${ino}`;
}

/** Returns an id of this start of the operating system; empty if the system gives none. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
