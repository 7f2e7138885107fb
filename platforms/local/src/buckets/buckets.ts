/**
 * A file store in the manner of S3: each bucket is a folder, which the operator makes and fills.
 *
 * B1. An object is read and replaced whole: a crash leaves the old one or the new one.
 * B2. A write is durable once its promise resolves.
 * B3. Nothing outside of a bucket's folder is read or written, by whatever key or link (`bucket-path.ts`).
 */
import { constants, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BucketError } from "./bucket-error.ts";
import { bucketFolder, findPath, makePath, segmentsOf } from "./bucket-path.ts";

/** An object as a listing shows it. */
export interface ObjectSummary {
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** A file store with S3's verbs (B1 to B3). */
export interface Buckets {
  /** @throws {BucketError} `NoSuchBucket`, `NoSuchKey`, `EntityTooLarge` beyond `mostBytes` */
  get(bucket: string, key: string, mostBytes: number): Promise<Buffer>;
  /** Durable (B2). @throws {BucketError} `NoSuchBucket`, `InvalidKey` */
  put(bucket: string, key: string, body: string): Promise<void>;
  /** Objects whose keys start with `prefix`, in the order of their keys' bytes. @throws {BucketError} `NoSuchBucket` */
  list(bucket: string, prefix: string): Promise<ObjectSummary[]>;
}

/** @param root the folder of the buckets' folders; made where it is missing @param newName names a file that is being written */
export async function openBuckets(root: string, newName: () => string): Promise<Buckets> {
  // No bucket's name begins with a dot.
  const unfinished = join(root, ".unfinished");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });

  return {
    async get(bucket, key, mostBytes) {
      const path = await findPath(await bucketFolder(root, bucket), segmentsOf(key));
      const missing = new BucketError("NoSuchKey", `The specified key does not exist: "${key}" in bucket "${bucket}"`);
      if (path === undefined) throw missing;
      return withFile(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK, missing, async (file) => {
        const stats = await file.stat();
        if (!stats.isFile()) throw missing;
        if (stats.size <= mostBytes) return file.readFile();
        throw new BucketError("EntityTooLarge", `"${key}" in bucket "${bucket}" has ${stats.size} bytes, expected at most ${mostBytes}`);
      });
    },
    async put(bucket, key, body) {
      const path = await makePath(await bucketFolder(root, bucket), segmentsOf(key));
      const draft = join(unfinished, newName());
      await writeDurably(draft, body);
      await rename(draft, path).catch(async (error: NodeJS.ErrnoException) => {
        await rm(draft, { force: true });
        throw error.code === "EISDIR" ? new BucketError("InvalidKey", `"${key}" is a folder in bucket "${bucket}"`) : error;
      });
      await syncFolders(dirname(path), root);
    },
    async list(bucket, prefix) {
      const found: ObjectSummary[] = [];
      await collect(await bucketFolder(root, bucket), "", prefix, found);
      return found.sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
    },
  };
}

async function withFile<T>(path: string, flags: number, missing: BucketError, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    throw ["ENOENT", "ENOTDIR", "ELOOP", "EISDIR"].includes(error.code ?? "") ? missing : error;
  });
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function writeDurably(path: string, body: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name is durable once the folders that lead to it are. */
async function syncFolders(from: string, root: string): Promise<void> {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
    if (folder === root) return;
  }
}

async function collect(folder: string, before: string, prefix: string, found: ObjectSummary[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const key = before + entry.name;
    const path = join(folder, entry.name);
    // Links are neither files nor folders here (B3).
    if (entry.isDirectory() && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)))
      await collect(path, `${key}/`, prefix, found);
    if (entry.isFile() && key.startsWith(prefix)) found.push(summaryOf(key, await statsOf(path)));
  }
}

async function statsOf(path: string): Promise<Stats> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  return file.stat().finally(() => file.close());
}

function summaryOf(key: string, { size, mtimeMs }: Stats): ObjectSummary {
  return { key, size, modifiedMs: mtimeMs };
}
