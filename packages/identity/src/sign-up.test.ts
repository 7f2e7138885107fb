/** Who confirms an address owns it: what a stranger who signs up with another person's address can reach. */
import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keys } from "./keys.ts";
import type { User } from "./records.ts";
import { openTestPool, type TestPool } from "./testing.ts";

const email = "ana@example.com";
const password = "flower pot on the roof";
const stolen = "somebody else's first try";
let t: TestPool;

beforeEach(async () => {
  t = await openTestPool();
});
afterEach(() => t.close());

const signUp = (Password: string) => t.call("SignUp", { Username: email, Password });
const confirm = (ConfirmationCode: string) => t.call("ConfirmSignUp", { Username: email, ConfirmationCode });
const reset = (ConfirmationCode: string, Password = password) =>
  t.call("ConfirmForgotPassword", { Username: email, ConfirmationCode, Password });
const ask = (operation: string, Username = email) => t.call(operation, { Username });
const error = (name: string) => ({ name });
const device = (name: string) => ({ ClientMetadata: { device: name.padEnd(22, "x") } as JsonObject });

test("N1. a second sign-up for an address that nobody confirmed changes nothing, and mails nothing", async () => {
  await signUp(password);
  const code = t.codeFor(email);
  for (const Username of [email, "ANA@example.com"]) {
    await expect(t.call("SignUp", { Username, Password: stolen })).rejects.toMatchObject({
      name: "UsernameExistsException",
      message: "An account with the given email already exists.",
    });
  }
  expect(t.pool.listOutbox(t.store)).toHaveLength(1);
  await confirm(code);
  await t.signIn(email, password);
  await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("NotAuthorizedException"));
  await expect(signUp(password)).rejects.toMatchObject(error("UsernameExistsException"));
});

test("F1. the owner of an address that a stranger signed up takes it by a forgotten password; the stranger's opens nothing", async () => {
  await signUp(stolen);
  const first = t.codeFor(email);
  await ask("ForgotPassword");
  await reset(t.codeFor(email));
  await t.signIn(email, password);
  await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("NotAuthorizedException"));
  await expect(confirm(first)).rejects.toMatchObject(error("ExpiredCodeException"));
});

test.each(["AdminDeleteUser", "DeleteUser"])("C3. a code of a sign-up that %s removed confirms no later one", async (operation) => {
  await signUp(stolen);
  const first = t.codeFor(email);
  if (operation === "DeleteUser") {
    await confirm(first);
    await t.call("DeleteUser", { AccessToken: (await t.signIn(email, stolen)).AccessToken });
  } else await t.call("AdminDeleteUser", { Username: email });
  await ask("ForgotPassword");
  await signUp(password);
  await expect(confirm(first === t.codeFor(email) ? "none" : first)).rejects.toMatchObject({ name: expect.stringMatching("Code") });
  await confirm(t.codeFor(email));
  await t.signIn(email, password);
});

test("C3. a code ends with the password it was asked under", async () => {
  await t.signUp(email, password);
  await ask("ForgotPassword");
  const code = t.codeFor(email);
  const { AccessToken } = await t.signIn(email, password);
  await t.call("ChangePassword", { AccessToken, PreviousPassword: password, ProposedPassword: "another pot on the roof" });
  await expect(reset(code, stolen)).rejects.toMatchObject(error("ExpiredCodeException"));
  await t.signIn(email, "another pot on the roof");
});

test("an admin's account over a sign-up that nobody confirmed is refused; a password set by an admin ends the sign-up's code", async () => {
  await signUp(stolen);
  const code = t.codeFor(email);
  await expect(t.call("AdminCreateUser", { Username: email })).rejects.toMatchObject(error("UsernameExistsException"));
  await t.call("AdminSetUserPassword", { Username: email, Password: "a temporary pot" });
  await expect(confirm(code)).rejects.toMatchObject(error("ExpiredCodeException"));
});

test("N2. who confirms an address that has a group meanwhile chooses the password before anybody enters", async () => {
  await signUp(stolen);
  await t.call("AdminAddUserToGroup", { Username: email, GroupName: "admin" });
  await confirm(t.codeFor(email));
  await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("PasswordResetRequiredException"));
  await ask("ForgotPassword");
  await reset(t.codeFor(email));
  expect((await t.pool.verifyAccessToken((await t.signIn(email, password)).AccessToken))["cognito:groups"]).toEqual(["admin"]);
});

test("a code of one purpose is none of another, and none of a user who waits for a new password", async () => {
  await signUp(stolen);
  const code = t.codeFor(email);
  await expect(reset(code, stolen)).rejects.toMatchObject(error("ExpiredCodeException"));
  await t.call("AdminResetUserPassword", { Username: email });
  await expect(confirm(code)).rejects.toMatchObject(error("CodeMismatchException"));
  await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("PasswordResetRequiredException"));
});

test("C2. asked for, tried and run out, a code for an address that nobody has fails as for one that somebody has", async () => {
  await t.signUp(email, password);
  const answers = async (Username: string): Promise<string[]> => {
    const told: string[] = [];
    const tried = async (operation: string, request: object): Promise<void> => {
      told.push(await t.call(operation, { Username, ...request }).then(() => "done", String));
    };
    const guess = { ConfirmationCode: "none", Password: stolen };
    await tried("ConfirmForgotPassword", guess);
    await tried("ForgotPassword", {});
    for (let i = 0; i < 6; i++) await tried("ConfirmForgotPassword", guess);
    await tried("ResendConfirmationCode", {});
    for (let i = 0; i < 6; i++) await tried("ConfirmSignUp", guess);
    return told;
  };
  const known = await answers(email);
  expect(await answers("nobody@example.com")).toEqual(known);
  expect(new Set(known.map((line) => line.split(":")[0]))).toEqual(new Set(["ExpiredCodeException", "done", "CodeMismatchException"]));
});

describe("N2. a code that another than who signed up asked for lets the sign-up's password in nowhere", () => {
  const theirs = { from: "10.6.6.6", ...device("stranger") };
  const ours = { from: "10.0.0.1", ...device("phone") };
  const at = ({ from, ClientMetadata }: typeof ours, operation: string, more = {}) =>
    t.call(operation, { Username: email, ClientMetadata, ...more }, from);

  test.each([
    { who: "another device", signer: theirs, owner: ours },
    { who: "another address", signer: { ...theirs, ClientMetadata: {} }, owner: { ...ours, ClientMetadata: {} } },
    { who: "a device at the address of one that says none", signer: { ...ours, ClientMetadata: {} }, owner: ours },
    { who: "nobody to be told apart", signer: { ...ours, ClientMetadata: {} }, owner: { ...ours, ClientMetadata: {} } },
  ])("$who", async ({ signer, owner }) => {
    await at(signer, "SignUp", { Password: stolen });
    await at(owner, "ResendConfirmationCode");
    await at(owner, "ConfirmSignUp", { ConfirmationCode: t.codeFor(email) });
    await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("PasswordResetRequiredException"));
    await t.call("AdminAddUserToGroup", { Username: email, GroupName: "admin" });
    await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("PasswordResetRequiredException"));
    await at(owner, "ForgotPassword");
    await at(owner, "ConfirmForgotPassword", { ConfirmationCode: t.codeFor(email), Password: password });
    await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("NotAuthorizedException"));
    await t.signIn(email, password);
  });

  test("who signed up asks again on the same device, and enters with the password", async () => {
    await at(ours, "SignUp", { Password: password });
    await at(theirs, "ResendConfirmationCode");
    await at({ ...ours, from: "10.0.0.2" }, "ResendConfirmationCode");
    await at(ours, "ConfirmSignUp", { ConfirmationCode: t.codeFor(email) });
    await t.signIn(email, password);
  });
});

test("G1. a group ends what was signed in before, once", async () => {
  await t.signUp(email, password);
  const before = await t.signIn(email, password);
  const admin = { Username: email, GroupName: "admin" };
  await t.call("AdminAddUserToGroup", admin);
  await expect(t.pool.verifyAccessToken(before.AccessToken)).rejects.toMatchObject(error("NotAuthorizedException"));
  await expect(t.call("GetTokensFromRefreshToken", { RefreshToken: before.RefreshToken })).rejects.toMatchObject(
    error("NotAuthorizedException"),
  );
  const after = await t.signIn(email, password);
  await t.call("AdminAddUserToGroup", admin);
  expect((await t.pool.verifyAccessToken(after.AccessToken))["cognito:groups"]).toEqual(["admin"]);
});

test("G2. an account of an earlier release, whose password may be anybody's, enters with a group only after a new one", async () => {
  const sub = await t.signUp(email, stolen);
  const { ownPassword: _, ...earlier } = t.store.get<User>(keys.user(sub)) as User;
  await t.store.transact((tx) => tx.put(keys.user(sub), earlier));
  await t.signIn(email, stolen);
  await t.call("AdminAddUserToGroup", { Username: email, GroupName: "admin" });
  await expect(t.signIn(email, stolen)).rejects.toMatchObject(error("PasswordResetRequiredException"));
  await ask("ForgotPassword");
  await reset(t.codeFor(email));
  await t.signIn(email, password);
});
