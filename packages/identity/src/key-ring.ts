/**
 * The keys that sign tokens, and the secret that protects codes and refresh tokens. They lie beside the store, readable by their owner alone.
 *
 * K1. Made on the first start, from the machine's own randomness: two installations share nothing.
 * K2. The newest key signs. One that has been replaced verifies what it signed to its end, an access token's life, and nothing after that.
 * K3. The file changes whole or not at all, and it is the truth: a key added to it while a bar runs signs the next token.
 */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { JWK } from "jose";
import { type KeyFile, keyFilePath, openKeyFile, publicJwk, readKeyFile, versionOf } from "./key-file.ts";
import { accessTokenLifeMs, minuteMs } from "./settings.ts";

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** When a newer one took its place, by the system's clock; undefined for the newest. */
  readonly replacedMs: number | undefined;
}

/** The keys in memory. `signingKey` is the newest; `find` also returns older ones, whose tokens still hold. */
export interface KeyRing {
  /** For keyed hashes; never leaves this process. */
  readonly secret: string;
  signingKey(): SigningKey;
  find(kid: string): SigningKey | undefined;
  /** The public halves, as `/.well-known/jwks.json` has them. */
  jwks(): { readonly keys: readonly JWK[] };
}

/** Reads the keys in `folder`, or makes them. @throws {KeyFileError} where the file is damaged; Node's own errors where it cannot be read or written */
export async function openKeyRing(
  folder: string,
  clock: Clock,
  ids: Ids,
  onError: (error: unknown, what: string) => void = () => {},
  onNewKey: (kid: string) => void = () => {},
): Promise<KeyRing> {
  const path = keyFilePath(folder);
  let file = await openKeyFile(folder, clock.nowMs(), () => ids.secret(256));
  let version = versionOf(path);
  let keys = load(file, () => undefined);

  /** K3. What cannot be read leaves the keys as they are. */
  function look(): void {
    const current = versionOf(path);
    if (current === version) return;
    version = current;
    try {
      const changed = readKeyFile(path);
      if (changed === undefined) return;
      const known = new Map(keys.map((key) => [key.kid, key]));
      keys = load(changed, (kid) => (known.has(kid) ? (known.get(kid)?.replacedMs ?? clock.nowMs()) : undefined));
      file = changed;
      const [newest] = keys;
      if (newest !== undefined && !known.has(newest.kid)) onNewKey(newest.kid);
    } catch (error) {
      onError(error, "reading the signing keys");
    }
  }

  return {
    secret: file.secret,
    signingKey() {
      look();
      return keys[0] as SigningKey;
    },
    find(kid) {
      const key = keys.find((one) => one.kid === kid);
      const isOver = key?.replacedMs !== undefined && clock.nowMs() > key.replacedMs + accessTokenLifeMs + minuteMs;
      return isOver ? undefined : key;
    },
    jwks() {
      look();
      return { keys: file.keys.map(({ kid, privateKey }) => publicJwk(kid, privateKey)) };
    },
  };
}

/** @param replacedMs since when this process knows a newer one; else the newer one's own time counts */
function load(file: KeyFile, replacedMs: (kid: string) => number | undefined): SigningKey[] {
  return file.keys.map(({ kid, privateKey }, at) => {
    const key = createPrivateKey({ key: privateKey as JsonWebKey, format: "jwk" });
    const newer = file.keys[at - 1];
    return {
      kid,
      privateKey: key,
      publicKey: createPublicKey(key),
      replacedMs: newer === undefined ? undefined : (replacedMs(kid) ?? newer.createdMs),
    };
  });
}
