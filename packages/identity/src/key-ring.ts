/**
 * The keys that sign tokens, and the secret that protects codes and refresh tokens. They lie beside the store, readable by their owner alone.
 *
 * K1. Made on the first start, from the machine's own randomness: two installations share nothing.
 * K2. The newest key signs; all kept ones verify, so that tokens live to their end after a rotation.
 * K3. The file changes whole or not at all.
 */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Ids } from "@serverlesspresso/ports";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { KeyFileError } from "./errors.ts";

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export interface KeyRing {
  /** For keyed hashes; never leaves this process. */
  readonly secret: string;
  signingKey(): SigningKey;
  find(kid: string): SigningKey | undefined;
  /** The public halves, as `/.well-known/jwks.json` has them. */
  jwks(): { readonly keys: readonly JWK[] };
  /** Makes a new signing key and drops those too old to have signed a living token. */
  rotate(): Promise<void>;
}

interface StoredKey {
  readonly kid: string;
  readonly createdMs: number;
  readonly privateKey: JWK;
}
interface KeyFile {
  readonly secret: string;
  /** Newest first. */
  readonly keys: readonly StoredKey[];
}

const keptKeys = 3;

/** Reads the keys in `folder`, or makes them. @throws {KeyFileError} where the file is damaged; Node's own errors where it cannot be read or written */
export async function openKeyRing(folder: string, clock: Clock, ids: Ids): Promise<KeyRing> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const path = join(folder, "user-pool-keys.json");
  let file = readKeyFile(path);
  if (file === undefined) {
    file = { secret: ids.secret(256), keys: [await generate(clock)] };
    writeKeyFile(path, file);
  }
  chmodSync(path, 0o600);
  const { secret } = file;
  let keys = await load(file);

  return {
    secret,
    signingKey: () => keys[0] as SigningKey,
    find: (kid) => keys.find((key) => key.kid === kid),
    jwks: () => ({ keys: (file?.keys ?? []).map(({ kid, privateKey }) => publicJwk(kid, privateKey)) }),
    async rotate() {
      const next = { secret, keys: [await generate(clock), ...(file?.keys ?? [])].slice(0, keptKeys) };
      writeKeyFile(path, next);
      keys = await load(next);
      file = next;
    },
  };
}

async function generate(clock: Clock): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(publicJwk("", jwk)), createdMs: clock.nowMs(), privateKey: jwk };
}

function publicJwk(kid: string, { kty, n, e }: JWK): JWK {
  return { kty, n, e, kid, alg: "RS256", use: "sig" } as JWK;
}

function load(file: KeyFile): Promise<SigningKey[]> {
  return Promise.all(
    file.keys.map(async ({ kid, privateKey }) => ({
      kid,
      privateKey: (await importJWK(privateKey, "RS256")) as CryptoKey,
      publicKey: (await importJWK(publicJwk(kid, privateKey), "RS256")) as CryptoKey,
    })),
  );
}

function readKeyFile(path: string): KeyFile | undefined {
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

function parse(text: string): KeyFile | undefined {
  try {
    const file = JSON.parse(text) as KeyFile;
    return typeof file.secret === "string" && Array.isArray(file.keys) && file.keys.length > 0 ? file : undefined;
  } catch {
    return undefined;
  }
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
