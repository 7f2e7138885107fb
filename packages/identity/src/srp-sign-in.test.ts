/** Sign-in by SRP, with Amazon's own client on the other side. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Key } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { kinds } from "./record-kinds.ts";
import type { User } from "./records.ts";
import { verifierOf } from "./srp.ts";
import * as group from "./srp-group.ts";
import { callPool, openTestPool, type TestPool } from "./testing.ts";
import { openSrpClient, type SrpClient } from "./testing-srp.ts";

vi.mock("./srp-group.ts", { spy: true });

const email = "ana@example.com";
const password = "flower pot on the roof";
const wrong = { name: "NotAuthorizedException", message: "Incorrect username or password." };
const ours = "10.0.0.1";
const theirs = "10.6.6.6";
let t: TestPool;
let client: SrpClient;

beforeEach(async () => {
  t = await openTestPool();
  client = openSrpClient(t, ours);
});
afterEach(() => t.close());

const A = "2".padEnd(700, "7");
const challenge = async (USERNAME: string, SRP_A = A): Promise<Record<string, string>> =>
  (await t.call("InitiateAuth", { AuthFlow: "USER_SRP_AUTH", AuthParameters: { USERNAME, SRP_A } })).ChallengeParameters as Record<
    string,
    string
  >;
const users = (): [Key, User][] => t.store.scan<User>(kinds.users.range());
/** Responds to a challenge without knowing the password. */
async function guess(USERNAME: string, from: string): Promise<unknown> {
  const { SECRET_BLOCK = "" } = await challenge(USERNAME);
  const claim = { PASSWORD_CLAIM_SIGNATURE: "A".repeat(43).concat("="), PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK };
  const ChallengeResponses = { USERNAME, ...claim, TIMESTAMP: "Mon Nov 30 02:00:00 UTC 2026" };
  return t.call("RespondToAuthChallenge", { ChallengeName: "PASSWORD_VERIFIER", ChallengeResponses }, from);
}
/** What the client answered the last challenge with. */
const lastAnswer = (): JsonObject => client.calls.at(-1)?.request as JsonObject;
const nameOf = (error: unknown): string => (error as Error).name;

test("RELIABILITY 6: Amazon's client signs in by SRP; the password is in none of its calls", async () => {
  const sub = await t.signUp(email, password);
  const session = await client.enter(email, password);
  expect(session).toMatchObject({ accessToken: { payload: { sub, token_use: "access" } } });
  expect(client.calls.map(({ operation }) => operation)).toEqual(["InitiateAuth", "RespondToAuthChallenge"]);
  expect(client.calls[0]?.answer).toMatchObject({
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeParameters: { SALT: expect.stringMatching(/^[0-9a-f]+$/), USER_ID_FOR_SRP: sub, USERNAME: sub },
  });
  expect(JSON.stringify(client.calls)).not.toContain(password);
  await expect(client.enter(email, "not the password")).rejects.toMatchObject(wrong);
});

test("RELIABILITY 6: an answer is good once, for three minutes, for its own name and with its own block", async () => {
  await t.signUp(email, password);
  await client.enter(email, password);
  const recorded = lastAnswer();
  await expect(t.call("RespondToAuthChallenge", recorded, theirs)).rejects.toMatchObject(wrong);

  const answered = async (change: (responses: Record<string, string>) => object, laterMs = 0): Promise<unknown> => {
    const { SECRET_BLOCK = "" } = await challenge(email);
    const responses = { ...(recorded.ChallengeResponses as Record<string, string>), PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK };
    await t.clock.advance(laterMs);
    return t.call("RespondToAuthChallenge", { ...recorded, ChallengeResponses: change(responses) as JsonObject });
  };
  await expect(answered((all) => all)).rejects.toMatchObject(wrong);
  await expect(answered((all) => ({ ...all, USERNAME: "bob@example.com" }))).rejects.toMatchObject(wrong);
  await expect(answered((all) => ({ ...all, PASSWORD_CLAIM_SECRET_BLOCK: "AAAA" }))).rejects.toMatchObject(wrong);
  await expect(answered((all) => ({ ...all, TIMESTAMP: "2026-11-30T02:00:00Z" }))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await expect(answered((all) => all, 180_000)).rejects.toMatchObject({ message: "Invalid session for the user." });
  t.pool.start();
  for (const ms of [180_000, 0]) {
    await t.clock.advance(ms);
    await t.store.flush();
  }
  expect(t.store.scan(kinds.exchanges.range())).toEqual([]);
});

test.each([
  { what: "0", SRP_A: "0" },
  { what: "too long", SRP_A: "f".repeat(800) },
  { what: "no number", SRP_A: "no number" },
  { what: "N", SRP_A: group.prime.toString(16) },
  { what: "2 N", SRP_A: (group.prime * 2n).toString(16) },
])("RELIABILITY 6: an SRP_A is refused that is $what", ({ SRP_A }) =>
  expect(challenge(email, SRP_A)).rejects.toMatchObject({ name: "InvalidParameterException" }),
);

test("RELIABILITY 6: nobody's name is challenged as somebody's, always alike, with the same work; no answer to it is right", async () => {
  const sub = await t.signUp(email, password);
  const work = async (username: string): Promise<unknown> => {
    const once = await challenge(username);
    const again = await challenge(username.toUpperCase());
    expect([again.SALT, again.USER_ID_FOR_SRP]).toEqual([once.SALT, once.USER_ID_FOR_SRP]);
    expect(again.SRP_B).not.toBe(once.SRP_B);
    vi.mocked(group.power).mockClear();
    const told = await client.enter(username, "not the password").catch(String);
    const parameters = client.calls.at(-2)?.answer.ChallengeParameters as Record<string, string>;
    const form = Object.entries(parameters).map(([name, value]) => [name, Math.round(value.length / 100)]);
    return [told, vi.mocked(group.power).mock.calls.length, form];
  };
  expect(await work("nobody@elsewhere.com")).toEqual(await work(email));
  expect((await challenge(sub)).USER_ID_FOR_SRP).toBe(sub);
  const none = "00000000-0000-4000-8000-000000000000";
  expect((await challenge(none)).USER_ID_FOR_SRP).toBe(none);
  expect((await challenge("nobody@elsewhere.com")).USER_ID_FOR_SRP).toMatch(
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  );
});

test("RELIABILITY 10: wrong answers and wrong passwords are counted together, by account and by address", async () => {
  await t.signUp(email, password);
  for (let i = 0; i < 5; i++) await expect(guess(email, theirs)).rejects.toMatchObject(wrong);
  for (let i = 0; i < 5; i++) await expect(t.signIn(email, "not the password", theirs)).rejects.toMatchObject(wrong);
  await expect(guess(email, theirs)).rejects.toMatchObject({ name: "TooManyRequestsException" });
  await expect(t.signIn(email, password, theirs)).rejects.toMatchObject({ name: "TooManyRequestsException" });
  // A recorded answer sent again is a try as well.
  await client.enter(email, password);
  const recorded = lastAnswer();
  const told: string[] = [];
  for (let i = 0; i < 11; i++) told.push(await t.call("RespondToAuthChallenge", recorded, "10.7.7.7").then(() => "in", nameOf));
  expect(told).toEqual([...Array(10).fill("NotAuthorizedException"), "TooManyRequestsException"]);
  const more = Array.from({ length: 90 }, (_, i) => t.signIn(`nobody${i}@example.com`, "not the password", theirs).catch(nameOf));
  await Promise.all(more);
  await expect(guess("bob@example.com", theirs)).rejects.toMatchObject({ name: "TooManyRequestsException" });
  await client.enter(email, password);
});

test("RELIABILITY 10: a device that has signed in by SRP is known, and refused nothing by strangers' tries", async () => {
  await t.signUp(email, password);
  const tablet = openSrpClient(t, ours, { device: "tablet".padEnd(22, "x") });
  await tablet.enter(email, password);
  for (let i = 0; i < 10; i++) await t.signIn(email, "not the password", ours).catch(() => {});
  await expect(client.enter(email, password)).rejects.toMatchObject({ name: "TooManyRequestsException" });
  await tablet.enter(email, password);
});

test("RELIABILITY 12: the store has no verifier that guesses could be tried against", async () => {
  const sub = await t.signUp(email, password);
  const [, { srp, passwordHash }] = users()[0] as [Key, User];
  const verifier = await verifierOf({ poolName: t.pool.poolId.split("_")[1] ?? "", userId: sub }, BigInt(`0x${srp?.salt}`), password);
  const all = JSON.stringify(users().concat(t.store.scan(kinds.pool.range())));
  const bytes = Buffer.from(verifier.toString(16).padStart(768, "0"), "hex");
  for (const form of ["hex", "base64", "base64url"] as const) expect(all).not.toContain(bytes.toString(form).slice(8, 72));
  expect([passwordHash, all]).toEqual([`quick ${password}`, expect.not.stringContaining(`${password}"}`)]);
});

test("V2. a new password ends the old one's verifier, and no verifier goes with another's hash", async () => {
  await t.signUp(email, password);
  const [key, before] = users()[0] as [Key, User];
  const { AccessToken } = await t.signIn(email, password);
  await t.call("ChangePassword", { AccessToken, PreviousPassword: password, ProposedPassword: "another pot on the roof" });
  await client.enter(email, "another pot on the roof");
  await expect(client.enter(email, password)).rejects.toMatchObject(wrong);
  await t.store.transact((tx) => tx.put(key, { ...(tx.get<User>(key) as User), srp: before.srp }));
  await expect(client.enter(email, password)).rejects.toMatchObject(wrong);
});

test("V3. an account of an earlier release is answered as nobody is, until its password has signed in once; the pool says that there are such", async () => {
  await t.signUp(email, password);
  expect(await challenge(email)).not.toHaveProperty("PASSWORD_NEEDED_ONCE");
  const [key, { srp: _, ...old }] = users()[0] as [Key, User];
  await t.store.transact((tx) => {
    tx.put(key, old);
    const [[pool, record] = []] = t.store.scan<JsonObject>(kinds.pool.range()).filter(([, one]) => "verifiedBy" in one);
    const { verifiedBy: __, ...earlier } = record ?? {};
    tx.put(pool as Key, earlier);
  });
  t = { ...t, ...(await reopened()) };
  client = openSrpClient(t, ours);
  for (const name of [email, "nobody@example.com"]) expect(await challenge(name)).toHaveProperty("PASSWORD_NEEDED_ONCE", "true");
  await expect(client.enter(email, password)).rejects.toMatchObject(wrong);
  await t.signIn(email, password);
  await client.enter(email, password);
  t = { ...t, ...(await reopened()) };
  for (const name of [email, "nobody@example.com"]) expect(await challenge(name)).not.toHaveProperty("PASSWORD_NEEDED_ONCE");
});

test("a temporary password signs in by SRP too, and has to be replaced", async () => {
  await t.call("AdminCreateUser", { Username: email, TemporaryPassword: "a temporary pot", MessageAction: "SUPPRESS" });
  expect(await client.enter(email, "a temporary pot")).toBe("NEW_PASSWORD_REQUIRED");
});

test("a password in another Unicode form is the same", async () => {
  await t.signUp(email, "ein gru\u0308ner Teekessel");
  await client.enter(email, "ein gr\u00fcner Teekessel");
});

/** The same store and keys under another pool, as after a restart. */
async function reopened(): Promise<Pick<TestPool, "pool" | "call" | "signIn">> {
  const pool = await t.reopen();
  const call: TestPool["call"] = (operation, request = {}, sourceAddress = ours) =>
    callPool(t.store, pool, operation, { UserPoolId: pool.poolId, ...request }, sourceAddress);
  return {
    pool,
    call,
    signIn: async (USERNAME, PASSWORD) =>
      (await call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME, PASSWORD } }))
        .AuthenticationResult as Awaited<ReturnType<TestPool["signIn"]>>,
  };
}
