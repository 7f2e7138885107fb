/**
 * A backup's file: a tar archive whose last entry, the manifest, lists every other with its length and SHA-256. An archive without
 * its manifest was cut off.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { entryKind } from "@serverlesspresso/store";
import { z } from "zod";
import { BackupError } from "./errors.ts";
import { padding, readTar, type TarEntry, tarEnd, tarHead } from "./tar.ts";

const manifestName = "manifest.json";
/** The format this release writes. */
const archiveVersion = 1;
const mostManifestBytes = 64 * 1024 * 1024;

const Manifest = z.object({
  archiveVersion: z.number(),
  /** An instant in ISO 8601. */
  madeAt: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});
/** What an archive says of itself. */
export type Manifest = z.infer<typeof Manifest>;

/** A file to pack, and its name in the archive. */
export interface PackedFile {
  readonly name: string;
  readonly path: string;
}

/** Takes the body of one file. */
export type Unpack = (name: string, body: AsyncIterable<Buffer>) => Promise<void>;

/** Writes `files` into a new file that its owner alone can read; on disk once it resolves. */
export async function writeArchive(path: string, files: readonly PackedFile[], madeAt: string): Promise<Manifest> {
  const archive = await open(path, "wx", 0o600);
  try {
    const manifest: Manifest = { archiveVersion, madeAt, files: {} };
    for (const { name, path } of files) manifest.files[name] = await append(archive, name, path);
    const text = Buffer.from(JSON.stringify(manifest, null, 2));
    await archive.writeFile(Buffer.concat([tarHead({ name: manifestName, bytes: text.length }), text, padding(text.length), tarEnd]));
    await archive.sync();
    return manifest;
  } finally {
    await archive.close();
  }
}

/**
 * Reads an archive through, each file against its checksum, and hands the files to `unpack`.
 * @throws {BackupError} naming the archive, and what in it is not as it was written
 */
export async function readArchive(path: string, unpack: Unpack = drain): Promise<Manifest> {
  const wrong = (what: string, cause?: unknown): BackupError => new BackupError(`backup "${path}": ${what}`, { cause });
  const has = entryKind(path) ?? "a file";
  if (has !== "a file") throw wrong(`it is ${has}, expected a file made by npm run backup`);
  const archive = await open(path, "r").catch((cause: Error) => {
    throw wrong(`${cause.message}; expected a file made by npm run backup`, cause);
  });
  try {
    const { found, manifest } = await readEntries(archive, unpack);
    if (manifest === undefined) throw wrong("it has no manifest at its end; it was cut off, or is no backup");
    if (manifest.archiveVersion > archiveVersion)
      throw wrong(`it has format ${manifest.archiveVersion}, this release reads up to ${archiveVersion}`);
    for (const name of new Set([...found.keys(), ...Object.keys(manifest.files)])) {
      const [has, expected] = [found.get(name), manifest.files[name]];
      if (has !== expected?.sha256) throw wrong(`"${name}" has SHA-256 ${has ?? "none"}, expected ${expected?.sha256 ?? "no such file"}`);
    }
    return manifest;
  } catch (error) {
    if (error instanceof RangeError) throw wrong(error.message, error);
    throw error;
  } finally {
    await archive.close();
  }
}

async function append(archive: FileHandle, name: string, path: string): Promise<{ bytes: number; sha256: string }> {
  const source = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size: bytes } = await source.stat();
    const hash = createHash("sha256");
    await archive.writeFile(tarHead({ name, bytes }));
    let left = bytes;
    for await (const chunk of bytes === 0 ? [] : source.createReadStream({ end: bytes - 1, autoClose: false })) {
      left -= chunk.length;
      hash.update(chunk);
      await archive.writeFile(chunk);
    }
    if (left > 0) throw new BackupError(`"${path}" became shorter while it was read; run the backup again`);
    await archive.writeFile(padding(bytes));
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await source.close();
  }
}

async function readEntries(archive: FileHandle, unpack: Unpack): Promise<{ found: Map<string, string>; manifest: Manifest | undefined }> {
  const found = new Map<string, string>();
  let manifest: Manifest | undefined;
  await readTar(archive, async ({ name, bytes }: TarEntry, body) => {
    if (name === manifestName) {
      if (bytes > mostManifestBytes) throw new RangeError(`its manifest has ${bytes} bytes, expected at most ${mostManifestBytes}`);
      manifest = parseManifest(await textOf(body));
      return;
    }
    if (!isPlainName(name)) throw new RangeError(`it holds "${name}", expected names inside a data folder`);
    const hash = createHash("sha256");
    await unpack(
      name,
      tap(body, (chunk) => hash.update(chunk)),
    );
    found.set(name, hash.digest("hex"));
  });
  return { found, manifest };
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function parseManifest(text: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new RangeError("its manifest is not as it was written", { cause });
  }
}

/** Whether a name stays inside of the folder it is unpacked in. */
function isPlainName(name: string): boolean {
  return name !== "" && !/[\0\\]/.test(name) && name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

async function* tap(body: AsyncIterable<Buffer>, see: (chunk: Buffer) => void): AsyncIterable<Buffer> {
  for await (const chunk of body) {
    see(chunk);
    yield chunk;
  }
}

async function drain(_name: string, body: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of body);
}
