/** What strangers who know an address can do to its owner, and what they learn. */
import { hash, verify } from "@node-rs/argon2";
import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PasswordHashes } from "./password-hashes.ts";
import { createPasswordHashes } from "./password-hashes.ts";
import { kinds } from "./record-kinds.ts";
import type { User } from "./records.ts";
import { callPool, openTestPool, type TestPool } from "./testing.ts";

const email = "ana@example.com";
const password = "flower pot on the roof";
const wrong = "not the password";
const ours = "10.0.0.1";
const theirs = "10.6.6.6";
const device = (name: string): { ClientMetadata: { device: string } } => ({ ClientMetadata: { device: name.padEnd(22, "x") } });
let t: TestPool;

beforeEach(async () => {
  t = await openTestPool();
});
afterEach(() => t.close());

const nameOf = (error: unknown): string => (error as Error).name;
/** What each of `count` tries is answered, in their order. */
const answers = (count: number, attempt: (i: number) => Promise<unknown>): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => attempt(i).then(() => "in", nameOf)));
const signIn = (secret: string, from: string, more = {}, Username = email) =>
  t.call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: Username, PASSWORD: secret }, ...more }, from);
const forgot = (from: string, more = {}, Username = email) => t.call("ForgotPassword", { Username, ...more }, from);
const reset = (ConfirmationCode: string, from: string, more = {}, Password = "another pot on the roof") =>
  t.call("ConfirmForgotPassword", { Username: email, ConfirmationCode, Password, ...more }, from);

test("RELIABILITY 10: ten wrong passwords hold off who gave them; the right one works elsewhere at once, and there later", async () => {
  await t.signUp(email, password);
  const told = await answers(15, () => signIn(wrong, theirs));
  expect(told).toEqual([...Array(10).fill("NotAuthorizedException"), ...Array(5).fill("TooManyRequestsException")]);
  await expect(signIn(password, theirs)).rejects.toMatchObject({ name: "TooManyRequestsException", retryAfterSeconds: 900 });
  await signIn(password, ours);
  await t.clock.advance(900_000);
  await signIn(password, theirs);
});

test("T1. right passwords are not counted as wrong while they are checked, however many come at once", async () => {
  await t.signUp(email, password);
  expect(new Set(await answers(28, () => signIn(password, ours)))).toEqual(new Set(["in"]));
  const staff = Array.from({ length: 101 }, (_, i) => `s${i}@example.com`);
  await Promise.all(staff.map((who) => t.signUp(who, password)));
  expect(new Set(await answers(staff.length, (i) => signIn(password, ours, {}, staff[i])))).toEqual(new Set(["in"]));
});

test("T1. right ones among wrong ones at once enter while the wrong ones are fewer than the limit, and none after", async () => {
  await t.signUp(email, password);
  const told = await answers(40, (i) => signIn(i % 4 === 0 && i < 36 ? wrong : password, ours));
  expect(told).toEqual(Array.from({ length: 40 }, (_, i) => (i % 4 === 0 && i < 36 ? "NotAuthorizedException" : "in")));
  const guesses = await answers(200, () => signIn(wrong, theirs));
  expect(guesses.filter((name) => name === "NotAuthorizedException")).toHaveLength(10);
});

test("RELIABILITY 10: a hundred wrong passwords hold an address off, whatever accounts and devices they were for", async () => {
  await t.signUp(email, password);
  await answers(100, (i) => signIn(wrong, theirs, device(`d${i}`), `nobody${i}@example.com`));
  await expect(signIn(password, theirs, device("new"))).rejects.toMatchObject({ name: "TooManyRequestsException" });
  await signIn(password, ours);
});

test("RELIABILITY 10: a device that has signed in is refused nothing by strangers' tries, from its own address or from everywhere", async () => {
  await t.signUp(email, password);
  const tablet = device("tablet");
  await signIn(password, ours, tablet);
  await answers(110, (i) => signIn(wrong, ours, device(`d${i}`)));
  await answers(1000, (i) => signIn(wrong, `10.1.0.${i % 100}`));
  await expect(signIn(password, "10.2.0.1")).rejects.toMatchObject({ name: "TooManyRequestsException" });
  await signIn(password, ours, tablet);
  // For itself it counts as ever.
  expect((await answers(11, () => signIn(wrong, ours, tablet))).at(-1)).toBe("TooManyRequestsException");
  await t.clock.advance(90 * 86_400_000);
  await answers(10, () => signIn(wrong, ours));
  await expect(signIn(password, ours, tablet)).rejects.toMatchObject({ name: "TooManyRequestsException" });
});

test("a device that is signed in renews its tokens and changes its password whatever is tried beside it", async () => {
  await t.signUp(email, password);
  const { AccessToken, RefreshToken } = await t.signIn(email, password, ours);
  await answers(120, () => signIn(wrong, ours));
  await t.call("ChangePassword", { AccessToken, PreviousPassword: password, ProposedPassword: "another pot on the roof" }, ours);
  await t.call("InitiateAuth", { AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN: RefreshToken } }, ours);
});

test("RELIABILITY 10: known and unknown addresses cost the same work and get the same answers", async () => {
  const argon2 = { hash: vi.fn(hash), verify: vi.fn(verify) };
  const real = await openTestPool({ passwordHashes: createPasswordHashes({ argon2 }) });
  try {
    await real.signUp(email, password);
    const [user] = real.store.scan<User>(kinds.users.range()).map(([, one]) => one);
    const work = async (Username: string): Promise<unknown> => {
      argon2.hash.mockClear();
      argon2.verify.mockClear();
      const told = [
        await real.signIn(Username, wrong).catch(String),
        await real.call("ForgotPassword", { Username }).then(Object.keys, String),
        await real.call("ConfirmForgotPassword", { Username, ConfirmationCode: "none", Password: password }).catch(String),
      ];
      const parametersOf = (text: unknown): string => String(text).split("$").slice(0, 4).join("$");
      return [told, argon2.hash.mock.calls.length, argon2.verify.mock.calls.map(([against]) => parametersOf(against))];
    };
    expect(await work(email)).toEqual(await work("nobody@example.com"));
    expect(argon2.verify.mock.calls.map(([against]) => against)).not.toContain(user?.passwordHash);
  } finally {
    await real.close();
  }
});

test("RELIABILITY 12: passwords are kept as argon2id alone, each with a salt of its own", async () => {
  const real = await openTestPool({ passwordHashes: createPasswordHashes() });
  try {
    for (const who of ["a@example.com", "b@example.com"]) await real.signUp(who, password);
    const kept = real.store.scan<User>(kinds.users.range()).map(([, { passwordHash }]) => passwordHash ?? "");
    expect(new Set(kept.map((text) => text.split("$")[4])).size).toBe(2);
    for (const text of kept) expect(text).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  } finally {
    await real.close();
  }
});

test("strangers' five forgotten passwords refuse no reset; who asked too often keeps the code that was mailed", async () => {
  await t.signUp(email, password);
  expect(await answers(7, () => forgot(theirs))).toEqual(Array(7).fill("in"));
  const mails = () => t.pool.listOutbox(t.store).filter(({ to }) => to === email).length;
  expect(mails()).toBe(1 + 5);
  await forgot(ours);
  expect(mails()).toBe(1 + 6);
  await reset(t.codeFor(email), ours);
  await t.clock.advance(600_000);
  await expect(forgot(theirs)).rejects.toMatchObject({ name: "LimitExceededException", retryAfterSeconds: 300 });
});

test("however often strangers ask, a device that has signed in gets its code", async () => {
  await t.signUp(email, password);
  await signIn(password, ours, device("tablet"));
  await answers(40, (i) => forgot(theirs, device(`d${i}`)));
  await expect(forgot("10.0.0.9", device("fresh"))).rejects.toMatchObject({ name: "LimitExceededException" });
  await forgot(ours, device("tablet"));
  await reset(t.codeFor(email), ours, device("tablet"));
});

test("RELIABILITY 11: a code is its asker's alone: a stranger's tries and a stranger's asking end only the stranger's", async () => {
  await t.signUp(email, password);
  await forgot(ours, device("tablet"));
  const code = t.codeFor(email);
  await forgot(theirs);
  expect((await answers(6, () => reset("none", theirs))).sort()).toEqual([
    ...Array(5).fill("CodeMismatchException"),
    "ExpiredCodeException",
  ]);
  await expect(reset(code, theirs)).rejects.toMatchObject({ name: "ExpiredCodeException" });
  await expect(reset(code, ours)).rejects.toMatchObject({ name: "ExpiredCodeException" });
  await reset(code, ours, device("tablet"));
});

test("RELIABILITY 11: a code that an admin had sent is good for whoever has the mail", async () => {
  await t.signUp(email, password);
  await t.call("AdminResetUserPassword", { Username: email });
  await reset(t.codeFor(email), "10.0.0.7", device("phone"));
});

test("a full queue is not a wrong password: it says so, says when to come again, and counts for nothing", async () => {
  let isFull = false;
  const quick: PasswordHashes = {
    hash: async (text) => text,
    verify: async (stored, text) => stored === text,
  };
  const real = createPasswordHashes({ mostInLane: 0, argon2: { hash: () => new Promise(() => {}), verify: async () => true } });
  for (const caller of ["a", "b"]) void real.hash(password, caller);
  const busy: PasswordHashes = { hash: real.hash, verify: (_, text, caller) => real.verify("stored", text, caller) };
  const passwordHashes: PasswordHashes = {
    hash: (text, caller) => (isFull ? busy : quick).hash(text, caller),
    verify: (stored, text, caller) => (isFull ? busy : quick).verify(stored, text, caller),
  };
  const pool = await t.reopen({ passwordHashes });
  const call = (operation: string, request: JsonObject) => callPool(t.store, pool, operation, request, ours);
  await call("SignUp", { Username: email, Password: password });
  await call("ConfirmSignUp", { Username: email, ConfirmationCode: t.codeFor(email) });
  const enter = () => call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: email, PASSWORD: password } });
  isFull = true;
  await expect(enter()).rejects.toMatchObject({
    name: "TooManyRequestsException",
    retryAfterSeconds: 5,
    message: expect.stringContaining("nothing was checked"),
  });
  await answers(20, enter);
  await expect(call("SignUp", { Username: "b@example.com", Password: password })).rejects.toMatchObject({
    name: "TooManyRequestsException",
  });
  isFull = false;
  await enter();
});

test("five hundred sign-ups push no mail out that goes to people the pool knows", async () => {
  await t.signUp(email, password);
  await forgot(ours);
  await t.call("AdminCreateUser", { Username: "new@example.com" });
  await answers(500, (i) => t.call("SignUp", { Username: `s${i}@example.com`, Password: password }, theirs));
  const box = t.pool.listOutbox(t.store);
  expect(box.filter(({ to }) => to === email || to === "new@example.com").length).toBe(2);
  expect(box.filter(({ lane }) => lane === "unconfirmed").length).toBe(300);
});
