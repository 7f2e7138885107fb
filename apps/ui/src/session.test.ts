import { expect, test, vi } from "vitest";
import { createServerClock } from "./clock.ts";
import { createManualClock } from "./manual-clock.ts";
import { Problem } from "./problem.ts";
import { createSession, type Session } from "./session.ts";
import { parseTokens, readClaims, type Tokens, type UserPool } from "./user-pool.ts";
import type { Vault } from "./vault.ts";

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (claims: Record<string, unknown>): string => `${part({ alg: "RS256" })}.${part(claims)}.signature`;
const tokens = (expiresSeconds: number, RefreshToken: string): Tokens => ({
  AccessToken: token({ sub: "u1", exp: expiresSeconds, "cognito:groups": ["admin"], n: RefreshToken }),
  IdToken: token({ sub: "u1", name: "José" }),
  RefreshToken,
});

function open(
  refresh: UserPool["refresh"],
  kept = new Map<string, unknown>(),
  issuer = "http://bar",
): { session: Session; kept: typeof kept; clock: ReturnType<typeof createManualClock> } {
  const clock = createManualClock(0);
  const vault: Vault = {
    get: async (key) => kept.get(key),
    set: async (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
  };
  const pool: UserPool = { call: vi.fn(), signIn: vi.fn(), refresh, signOut: vi.fn(async () => {}) };
  return {
    session: createSession({ app: "order", vault, pool, issuer: () => issuer, serverClock: createServerClock(clock) }),
    kept,
    clock,
  };
}

test("a reload finds the user and a fresh token", async () => {
  const { session, kept } = open(vi.fn());
  await session.adopt(tokens(3600, "r1"));
  const refresh = vi.fn(async () => tokens(3600, "r2"));
  const { session: reloaded } = open(refresh, kept);
  await reloaded.restore();
  expect(reloaded.user.value).toEqual({ sub: "u1", name: "José", isAdmin: true });
  await reloaded.accessToken();
  expect(refresh).toHaveBeenCalledWith("r1");
  expect(JSON.stringify([...kept.values()])).toContain("r2"); // rotated
});

test("N1. other addresses find no token; the access token is kept nowhere", async () => {
  const { session, kept } = open(vi.fn());
  await session.adopt(tokens(3600, "r1"));
  expect(JSON.stringify([...kept.values()])).not.toContain("signature");
  const { session: elsewhere } = open(vi.fn(), kept, "http://other");
  await elsewhere.restore();
  expect(elsewhere.user.value).toBeNull();
  await expect(elsewhere.accessToken()).rejects.toThrow("signed out");
});

test("N3. the token is renewed in time, once for all who ask", async () => {
  const refresh = vi.fn(async () => tokens(7200, "r2"));
  const { session, clock } = open(refresh);
  await session.adopt(tokens(3600, "r1"));
  clock.advance(3_000_000);
  await session.accessToken();
  expect(refresh).not.toHaveBeenCalled();
  clock.advance(100_000);
  await Promise.all([session.accessToken(), session.accessToken()]);
  expect(refresh).toHaveBeenCalledOnce();
});

test("N3. no answer leaves the session, a refusal ends it", async () => {
  const refresh = vi
    .fn<UserPool["refresh"]>()
    .mockRejectedValueOnce(new TypeError("cut off"))
    .mockRejectedValueOnce(new Problem("NotAuthorizedException", 400, ""));
  const { session, kept } = open(refresh);
  await session.adopt(tokens(3600, "r1"));
  session.discardAccessToken();
  await expect(session.accessToken()).rejects.toThrow("cut off");
  expect([session.user.value?.sub, session.ended.value]).toEqual(["u1", false]);
  await expect(session.accessToken()).rejects.toThrow(Problem);
  expect([session.user.value, session.ended.value, kept.size]).toEqual([null, true, 0]);
});

test("claims are read from base64url and UTF-8", () => {
  expect(readClaims(token({ sub: "ü?>~", exp: 2, name: "ñ" }))).toMatchObject({ sub: "ü?>~", name: "ñ", expiresMs: 2000, groups: [] });
  expect(() => readClaims("nonsense")).toThrow();
});

test("tokens come wrapped or bare", () => {
  expect(parseTokens({ AuthenticationResult: { AccessToken: "a" } }).AccessToken).toBe("a");
  expect(parseTokens({ AccessToken: "b" }).AccessToken).toBe("b");
  expect(() => parseTokens({ ChallengeName: "SMS" })).toThrow("without tokens");
});
