import { expect, test, vi } from "vitest";
import { createApi } from "./api.ts";
import { createServerClock } from "./clock.ts";
import type { Http } from "./http.ts";
import { createManualClock } from "./manual-clock.ts";
import { Problem } from "./problem.ts";
import { createSession, type Session } from "./session.ts";
import type { Endpoints } from "./settings.ts";
import { parseTokens, readClaims, type Tokens, type UserPool } from "./user-pool.ts";
import type { Vault } from "./vault.ts";

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (claims: Record<string, unknown>): string => `${part({ alg: "RS256" })}.${part(claims)}.signature`;
const tokens = (expiresSeconds: number, RefreshToken: string): Tokens => ({
  AccessToken: token({ sub: "u1", exp: expiresSeconds, "cognito:groups": ["admin"], n: RefreshToken }),
  IdToken: token({ sub: "u1", name: "José", email: "jose@example.com" }),
  RefreshToken,
});

function open(
  refresh: UserPool["refresh"],
  kept = new Map<string, unknown>(),
  issuer = "http://bar",
): { session: Session; kept: typeof kept; pool: UserPool; clock: ReturnType<typeof createManualClock> } {
  const clock = createManualClock(0);
  const vault: Vault = {
    get: async (key) => kept.get(key),
    set: async (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
  };
  const pool: UserPool = {
    call: vi.fn(),
    signIn: vi.fn(),
    refresh,
    revoke: vi.fn(async () => {}),
    signOutEverywhere: vi.fn(async () => {}),
  };
  return {
    session: createSession({ app: "order", vault, pool, issuer: () => issuer, serverClock: createServerClock(clock) }),
    kept,
    pool,
    clock,
  };
}

test("a reload finds the user and a fresh token", async () => {
  const { session, kept } = open(vi.fn());
  await session.adopt(tokens(3600, "r1"));
  const refresh = vi.fn(async () => tokens(3600, "r2"));
  const { session: reloaded } = open(refresh, kept);
  await reloaded.restore();
  expect(reloaded.user.value).toEqual({ sub: "u1", name: "José", isAdmin: true, isOperator: false, hasAccount: true });
  await reloaded.accessToken();
  expect(refresh).toHaveBeenCalledWith("r1");
  expect(JSON.stringify([...kept.values()])).toContain("r2"); // rotated
});

test("an operator whom an earlier release kept, which knew of none, is one again with the first token", async () => {
  const { session, kept } = open(vi.fn());
  await session.adopt(tokens(3600, "r1"));
  for (const [key, value] of kept) {
    const { user, ...rest } = value as { user: { isOperator?: boolean } };
    delete user.isOperator;
    kept.set(key, { ...rest, user });
  }
  const AccessToken = token({ sub: "u1", exp: 3600, "cognito:groups": ["admin", "operator"] });
  const { session: reloaded } = open(async () => ({ ...tokens(3600, "r2"), AccessToken }), kept);
  await reloaded.restore();
  expect(reloaded.user.value).toMatchObject({ isAdmin: true, isOperator: false });
  await reloaded.accessToken();
  expect(reloaded.user.value).toMatchObject({ isAdmin: true, isOperator: true });
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

test.each([
  { what: "a queue at the pool's door", error: new Problem("TooManyRequestsException", 400, "") },
  { what: "a limit of calls", error: new Problem("too-many-requests", 429, "") },
  { what: "a page in between", error: new Problem("", 403, "") },
  { what: "a server that is no bar any more", error: new Problem("", 404, "") },
])("N3. $what ends no session", async ({ error }) => {
  const { session, kept } = open(vi.fn().mockRejectedValue(error));
  await session.adopt(tokens(3600, "r1"));
  session.discardAccessToken();
  await expect(session.accessToken()).rejects.toBe(error);
  expect([session.user.value?.sub, session.ended.value, kept.size]).toEqual(["u1", false, 1]);
});

test("N4. signing out revokes this device's newest refresh token, and forgets it; nothing is signed out everywhere", async () => {
  let answer = (_: Tokens): void => {};
  const { session, kept, pool } = open(() => new Promise((resolve) => (answer = resolve)));
  await session.adopt(tokens(3600, "r1"));
  session.discardAccessToken();
  const renewed = session.accessToken();
  await new Promise((resolve) => setTimeout(resolve));
  const left = session.signOut();
  answer(tokens(7200, "r2"));
  await Promise.all([renewed, left]);
  expect(pool.revoke).toHaveBeenCalledExactlyOnceWith("r2");
  expect(pool.signOutEverywhere).not.toHaveBeenCalled();
  expect([session.user.value, session.ended.value, kept.size]).toEqual([null, false, 0]);
});

test("signing out everywhere is asked for by an access token; without an answer the session stays", async () => {
  const { session, kept, pool } = open(vi.fn());
  await session.adopt(tokens(3600, "r1"));
  vi.mocked(pool.signOutEverywhere).mockRejectedValueOnce(new TypeError("cut off"));
  await expect(session.signOutEverywhere()).rejects.toThrow("cut off");
  expect([session.user.value?.sub, kept.size]).toEqual(["u1", 1]);
  await session.signOutEverywhere();
  expect(pool.signOutEverywhere).toHaveBeenLastCalledWith(tokens(3600, "r1").AccessToken);
  expect([session.user.value, kept.size]).toEqual([null, 0]);
});

test("a sign-out in another tab is seen at the next call", async () => {
  const { session, kept } = open(vi.fn());
  await session.adopt(tokens(3600, "r1"));
  session.discardAccessToken();
  kept.clear();
  await expect(session.accessToken()).rejects.toThrow("signed out");
  expect([session.user.value, session.ended.value]).toEqual([null, false]);
});

test("N3. a read that the API refuses asks the pool: what the pool refuses ends the session, a new token is used", async () => {
  const refresh = vi
    .fn<UserPool["refresh"]>()
    .mockResolvedValueOnce(tokens(7200, "r2"))
    .mockRejectedValue(new Problem("NotAuthorizedException", 400, ""));
  const { session } = open(refresh);
  await session.adopt(tokens(3600, "r1"));
  const refused = new Problem("unauthorized", 401, "");
  const http = vi
    .fn<Http>()
    .mockRejectedValueOnce(refused)
    .mockResolvedValueOnce({ status: 200, body: { orders: [] } })
    .mockRejectedValue(refused);
  const api = createApi(http, () => ({}) as Endpoints, session);
  expect(await api.myOrders()).toEqual([]);
  expect([session.user.value?.sub, refresh.mock.calls]).toEqual(["u1", [["r1"]]]);
  await expect(api.myOrders()).rejects.toThrow(Problem);
  expect([session.user.value, session.ended.value, refresh.mock.lastCall]).toEqual([null, true, ["r2"]]);
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
