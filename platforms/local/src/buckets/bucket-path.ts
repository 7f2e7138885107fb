/**
 * Where a bucket's objects lie: `FOLDER/BUCKET/KEY`.
 *
 * BP1. A path never leaves its bucket's folder: no segment of a key is empty, `.` or `..`, and no folder on the way is a link.
 */
import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { BucketError } from "./bucket-error.ts";

const mostKeyBytes = 1_024;
const mostSegmentBytes = 255;

/** The bucket's own folder. @throws {BucketError} `InvalidBucketName`, `NoSuchBucket` */
export async function bucketFolder(root: string, bucket: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes("..")) {
    throw new BucketError("InvalidBucketName", `The specified bucket is not valid: "${bucket}"`);
  }
  const folder = join(root, bucket);
  if (await isFolder(folder)) return folder;
  throw new BucketError("NoSuchBucket", `The specified bucket does not exist: "${bucket}", expected the folder ${folder}`);
}

/** A key's segments. @throws {BucketError} `InvalidKey` */
export function segmentsOf(key: string): readonly string[] {
  const segments = key.split("/");
  const isName = (name: string): boolean =>
    name !== "" && name !== "." && name !== ".." && !/[\u0000\\]/.test(name) && Buffer.byteLength(name) <= mostSegmentBytes;
  if (Buffer.byteLength(key) <= mostKeyBytes && segments.every(isName)) return segments;
  throw new BucketError("InvalidKey", `The key "${key.slice(0, 100)}" cannot be a file here, expected names separated by single slashes`);
}

/** The path of an object whose folders are all there and all folders (BP1); undefined where one is missing or a link. */
export async function findPath(folder: string, segments: readonly string[]): Promise<string | undefined> {
  let path = folder;
  for (const segment of segments.slice(0, -1)) {
    path = join(path, segment);
    if (!(await isFolder(path))) return undefined;
  }
  return join(path, segments.at(-1) as string);
}

/** The same, making the folders that are missing. @throws {BucketError} `InvalidKey` where one is a file or a link */
export async function makePath(folder: string, segments: readonly string[]): Promise<string> {
  let path = folder;
  for (const segment of segments.slice(0, -1)) {
    path = join(path, segment);
    await mkdir(path, { mode: 0o700 }).catch(ignoreExisting);
    if (!(await isFolder(path))) throw new BucketError("InvalidKey", `"${path}" is not a folder, so nothing can lie in it`);
  }
  return join(path, segments.at(-1) as string);
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
