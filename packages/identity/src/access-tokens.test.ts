import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type CryptoKey, decodeJwt, decodeProtectedHeader, exportSPKI, generateKeyPair, importJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { AuthenticationResult } from "./authentication.ts";
import { addSigningKey, type KeyFile } from "./key-file.ts";
import { openTestPool, type TestPool } from "./testing.ts";

let t: TestPool;
let tokens: AuthenticationResult;
let claims: JWTPayload;

beforeAll(async () => {
  t = await openTestPool();
  tokens = await t.guest("Ana");
  claims = decodeJwt(tokens.AccessToken);
});
afterAll(() => t.close());

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The newest key, as it lies on disk. */
const signingKey = () => (JSON.parse(readFileSync(join(t.folder, "keys", "user-pool-keys.json"), "utf8")) as KeyFile).keys[0];

/** A token signed by the pool's own key, with other claims or header: what an attacker could never make, and still must not pass. */
async function ownSigned(change: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
  const key = signingKey();
  const privateKey = await importJWK(key?.privateKey ?? {}, "RS256");
  return new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: "RS256", kid: key?.kid ?? "", ...header }).sign(privateKey);
}

async function foreignSigned(header: Record<string, unknown>): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", ...header }).sign(privateKey);
}

async function hs256WithPublicKey(): Promise<string> {
  const [jwk] = t.pool.jwks().keys;
  const pem = await exportSPKI((await importJWK({ ...jwk, ext: true } as object, "RS256", { extractable: true })) as CryptoKey);
  const body = `${encode({ alg: "HS256", kid: jwk?.kid })}.${encode(claims)}`;
  return `${body}.${createHmac("sha256", pem).update(body).digest("base64url")}`;
}

function oneByteChanged(): string {
  const [header, , signature] = tokens.AccessToken.split(".");
  return [header, encode({ ...claims, sub: "another" }), signature].join(".");
}

const now = (): number => Math.floor(t.clock.nowMs() / 1000);
const kid = (): string => t.pool.jwks().keys[0]?.kid ?? "";

test.each<{ attack: string; make: () => Promise<string> | string }>([
  { attack: "alg none", make: () => `${encode({ alg: "none" })}.${encode(claims)}.` },
  { attack: "alg none with our kid", make: () => `${encode({ alg: "none", kid: kid() })}.${encode(claims)}.` },
  { attack: "HS256 with the public key as secret", make: hs256WithPublicKey },
  { attack: "a key of their own under our kid", make: () => foreignSigned({ kid: kid() }) },
  { attack: "another kid", make: () => foreignSigned({ kid: "another" }) },
  { attack: "no kid", make: () => foreignSigned({}) },
  { attack: "jku to their keys", make: () => foreignSigned({ kid: "another", jku: "http://127.0.0.1:1/jwks.json" }) },
  { attack: "their key as jwk", make: async () => foreignSigned({ kid: kid(), jwk: { kty: "RSA" } }) },
  { attack: "another issuer", make: () => ownSigned({ iss: "http://elsewhere/pool" }) },
  { attack: "another client", make: () => ownSigned({ client_id: "another" }) },
  { attack: "another use", make: () => ownSigned({ token_use: "id" }) },
  { attack: "an id token", make: () => tokens.IdToken },
  { attack: "a refresh token", make: () => tokens.RefreshToken },
  { attack: "nbf ahead", make: () => ownSigned({ nbf: now() + 60 }) },
  { attack: "expired", make: () => ownSigned({ exp: now() - 1 }) },
  { attack: "no expiry", make: () => ownSigned({ exp: undefined as never }) },
  { attack: "another session", make: () => ownSigned({ origin_jti: "another" }) },
  { attack: "another user's session", make: () => ownSigned({ sub: "another" }) },
  {
    attack: "an unknown critical header",
    make: async () => (await ownSigned({})).replace(/^[^.]+/, encode({ alg: "RS256", kid: kid(), crit: ["x"], x: 1 })),
  },
  { attack: "other claims under our signature", make: oneByteChanged },
  { attack: "2 MB", make: () => `${tokens.AccessToken}${"A".repeat(2_000_000)}` },
  { attack: "nothing", make: () => "" },
  { attack: "not a token", make: () => "..." },
])("RELIABILITY 5: $attack is refused", async ({ make }) => {
  await expect(t.pool.verifyAccessToken(await make())).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("RELIABILITY 5: no key is fetched from where a token says", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  for (const header of [{ jku: place }, { x5u: place }, { kid: place }, { kid: kid(), jku: place }]) {
    const token = await foreignSigned(header);
    await expect(t.pool.verifyAccessToken(token)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  }
  await fetch(place);
  server.close();
  expect(asked).toBe(1);
});

test("RELIABILITY 5: any one character changed is refused", async () => {
  const { AccessToken } = tokens;
  for (let at = 0; at < AccessToken.length; at += 7) {
    const other = AccessToken[at] === "A" ? "B" : "A";
    const changed = AccessToken.slice(0, at) + other + AccessToken.slice(at + 1);
    await expect(t.pool.verifyAccessToken(changed)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  }
});

test("our own passes, again from memory, until the minute it ends", async () => {
  const fresh = await t.guest("Bea");
  await t.pool.verifyAccessToken(fresh.AccessToken);
  await t.clock.advance(3_599_000);
  expect(await t.pool.verifyAccessToken(fresh.AccessToken)).toMatchObject({ kind: "guest" });
  await t.clock.advance(1000);
  await expect(t.pool.verifyAccessToken(fresh.AccessToken)).rejects.toMatchObject({ message: "Access Token has expired" });
});

test("RELIABILITY 8: after a rotation both keys are published, old tokens live on and new ones use the new key", async () => {
  const old = await t.guest("Cai");
  const before = kid();
  await addSigningKey(join(t.folder, "keys"), t.clock.nowMs());
  expect(t.pool.jwks().keys.map((key) => key.kid)).toEqual([kid(), before]);
  expect(kid()).not.toBe(before);
  await t.pool.verifyAccessToken(old.AccessToken);
  const fresh = await t.guest("Dan");
  await t.pool.verifyAccessToken(fresh.AccessToken);
  expect(t.pool.jwks().keys.every((key) => key.d === undefined)).toBe(true);
});

test("RELIABILITY 8: a key added to the file signs the next token; the one before it verifies to its tokens' end, across a restart, and nothing later", async () => {
  const folder = join(t.folder, "keys");
  const old = await t.guest("Cai");
  const [before, stolen] = [kid(), signingKey()];
  for (let i = 0; i < 4; i++) await addSigningKey(folder, t.clock.nowMs());
  const fresh = await t.guest("Dan");
  expect(decodeProtectedHeader(fresh.AccessToken).kid).toBe(kid());
  expect(kid()).not.toBe(before);
  await t.clock.advance(3_599_000);
  for (const pool of [t.pool, await t.reopen()]) {
    await pool.verifyAccessToken(old.AccessToken);
    await pool.verifyAccessToken(fresh.AccessToken);
  }
  await t.clock.advance(120_000);
  const session = await t.guest("Eve");
  const { exp, iat, ...claims } = decodeJwt(session.AccessToken);
  const forged = await new SignJWT({ ...claims, iat: iat as number, exp: exp as number })
    .setProtectedHeader({ alg: "RS256", kid: before })
    .sign(await importJWK(stolen?.privateKey ?? {}, "RS256"));
  await expect(t.pool.verifyAccessToken(forged)).rejects.toMatchObject({ message: "Invalid Access Token" });
});

test("a key file that cannot be read while the pool runs leaves it the keys it has, and is told", async () => {
  const errors: unknown[] = [];
  const pool = await t.reopen({ onError: (error) => errors.push(error) });
  const path = join(t.folder, "keys", "user-pool-keys.json");
  const whole = readFileSync(path);
  onTestFinished(() => writeFileSync(path, whole));
  writeFileSync(path, "{");
  await pool.signInWithoutPassword({ id: "a", kind: "guest", name: "Cai" });
  expect(errors).toMatchObject([{ name: "KeyFileError" }]);
});
