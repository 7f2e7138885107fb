import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSystemClock } from "@serverlesspresso/clock";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { createAccessTokens } from "./access-tokens.ts";

afterEach(() => vi.useRealTimers());

test("RELIABILITY 8: tokens that name an unknown key have the keys fetched at most once a minute; a new key is known by then", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const [first, second] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
  const published = [{ ...(await exportJWK(first.publicKey)), kid: "first" }];
  let fetches = 0;
  const server = createServer((_, response) => {
    fetches += 1;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const verify = createAccessTokens({ issuer, clientId: "apps", clock: createSystemClock() });
    const make = (kid: string, key: CryptoKey): Promise<string> =>
      new SignJWT({ token_use: "access", client_id: "apps" })
        .setProtectedHeader({ alg: "RS256", kid })
        .setSubject("ada")
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(key);
    const old = await make("first", first.privateKey);
    expect(await verify(old)).toMatchObject({ sub: "ada" });
    for (let i = 0; i < 20; i++) await expect(verify(await make(`unknown ${i}`, second.privateKey))).rejects.toThrow();
    expect(fetches).toBe(1);
    published.unshift({ ...(await exportJWK(second.publicKey)), kid: "second" });
    vi.setSystemTime(Date.now() + 60_001);
    expect(await verify(await make("second", second.privateKey))).toMatchObject({ sub: "ada" });
    expect(await verify(old)).toMatchObject({ sub: "ada" });
    expect(fetches).toBe(2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
