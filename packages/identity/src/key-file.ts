/** The file of the signing keys: what is in it, and how it changes. */
import { createPrivateKey, type JsonWebKeyInput } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { KeyFileError } from "./errors.ts";

/** A signing key as it stands in the file. `kid` names it in tokens. */
export interface StoredKey {
  readonly kid: string;
  readonly createdMs: number;
  readonly privateKey: JWK;
}
/** The pool's secret and signing keys, a file of the data folder that its owner alone may read. */
export interface KeyFile {
  readonly secret: string;
  /** Newest first. */
  readonly keys: readonly StoredKey[];
}

/** Long after the last token of a key has ended. */
const keptAfterNextMs = 24 * 3_600_000;

/** Where the keys lie in a folder. */
export const keyFilePath = (folder: string): string => join(folder, "user-pool-keys.json");

/** Reads the keys, or makes the first. @throws {KeyFileError} where the file is damaged; Node's own errors where it cannot be read or written */
export async function openKeyFile(folder: string, nowMs: number, newSecret: () => string): Promise<KeyFile> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const path = keyFilePath(folder);
  const file = readKeyFile(path) ?? { secret: newSecret(), keys: [await generateKey(nowMs)] };
  if (versionOf(path) === undefined) writeKeyFile(path, file);
  chmodSync(path, 0o600);
  return file;
}

/**
 * Makes a new signing key in a folder of keys; a bar that runs on it signs with it from its next token on, and takes the old one's tokens to their end.
 * @returns the new key's id
 * @throws {KeyFileError} where there are no keys, or the file is damaged
 */
export async function addSigningKey(folder: string, nowMs: number): Promise<string> {
  const path = keyFilePath(folder);
  const key = await generateKey(nowMs);
  const file = readKeyFile(path);
  if (file === undefined) throw new KeyFileError(`there is no key file "${path}"; a bar makes it at its first start`);
  const kept = file.keys.filter((_, at) => nowMs - (file.keys[at - 1]?.createdMs ?? nowMs) < keptAfterNextMs);
  writeKeyFile(path, { ...file, keys: [key, ...kept] });
  return key.kid;
}

/** The keys; undefined where there is no file. @throws {KeyFileError} where what is there are not the keys */
export function readKeyFile(path: string): KeyFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const file = parse(text);
  if (file === undefined)
    throw new KeyFileError(`key file "${path}" is damaged; restore it from a backup, or remove it: everyone then signs in again`);
  return file;
}

/** Changes whenever the file does; undefined if it is missing. */
export function versionOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.ino} ${stat.mtimeMs}`;
}

/** The public half of a key. */
export function publicJwk(kid: string, { kty, n, e }: JWK): JWK {
  return { kty, n, e, kid, alg: "RS256", use: "sig" } as JWK;
}

async function generateKey(nowMs: number): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(publicJwk("", jwk)), createdMs: nowMs, privateKey: jwk };
}

function parse(text: string): KeyFile | undefined {
  try {
    const file = JSON.parse(text) as KeyFile;
    return typeof file.secret === "string" && file.keys.length > 0 && file.keys.every(isKey) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** @throws if it is not a key */
function isKey({ kid, createdMs, privateKey }: StoredKey): boolean {
  const { asymmetricKeyType } = createPrivateKey({ key: privateKey as JsonWebKeyInput["key"], format: "jwk" });
  return typeof kid === "string" && typeof createdMs === "number" && asymmetricKeyType === "rsa";
}

function writeKeyFile(path: string, file: KeyFile): void {
  const draft = `${path}.new`;
  const handle = openSync(draft, "w", 0o600);
  try {
    writeSync(handle, JSON.stringify(file));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, path);
}
