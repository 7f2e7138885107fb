import { statSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@serverlesspresso/ports";
import { rangeOf } from "@serverlesspresso/store";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callPool, openTestPool, type TestPool } from "./testing.ts";

const email = "Ana@Example.com";
const password = "flower pot on the roof";
let t: TestPool;

beforeEach(async () => {
  t = await openTestPool();
});
afterEach(() => t.close());

const refreshed = async (RefreshToken: string, device?: string): Promise<string> => {
  const request = device === undefined ? { RefreshToken } : { RefreshToken, ClientMetadata: { device } };
  const { AuthenticationResult } = await t.call("GetTokensFromRefreshToken", request);
  return (AuthenticationResult as { RefreshToken: string }).RefreshToken;
};

test("sign up, confirm by mail, sign in: the tokens say who it is", async () => {
  const answer = await t.call("SignUp", { Username: email, Password: password, UserAttributes: [{ Name: "name", Value: " Ana " }] });
  expect(answer).toMatchObject({ UserConfirmed: false, CodeDeliveryDetails: { Destination: "a***@e***", DeliveryMedium: "EMAIL" } });
  await expect(t.signIn(email, password)).rejects.toMatchObject({ name: "UserNotConfirmedException" });
  await t.call("ConfirmSignUp", { Username: email, ConfirmationCode: t.codeFor(email) });
  const tokens = await t.signIn("ana@EXAMPLE.com", password);
  expect(tokens).toMatchObject({ ExpiresIn: 3600, TokenType: "Bearer" });
  const shared = { sub: answer.UserSub, iss: `http://127.0.0.1:4000/${t.pool.poolId}`, auth_time: t.clock.nowMs() / 1000 };
  expect(decodeJwt(tokens.AccessToken)).toMatchObject({
    ...shared,
    token_use: "access",
    client_id: t.pool.clientId,
    username: answer.UserSub,
  });
  expect(decodeJwt(tokens.IdToken)).toMatchObject({
    ...shared,
    token_use: "id",
    aud: t.pool.clientId,
    email: "ana@example.com",
    name: "Ana",
    "cognito:username": answer.UserSub,
  });
  expect(await t.pool.verifyAccessToken(tokens.AccessToken)).toMatchObject({ sub: answer.UserSub, "cognito:groups": [], name: "Ana" });
  expect(await t.call("GetUser", { AccessToken: tokens.AccessToken })).toMatchObject({ Username: answer.UserSub });
});

test.each([
  { what: "too short", text: "short" },
  { what: "common", text: "password1234" },
  { what: "common in disguise", text: "P@ssw0rd!2024" },
  { what: "a keyboard run", text: "qwertyuiopqwerty" },
  { what: "one repeated", text: "abcabcabcabc" },
  { what: "the address", text: "ana@example.com1" },
])("RELIABILITY 12: a password that is $what is refused", async ({ text }) => {
  await expect(t.call("SignUp", { Username: email, Password: text })).rejects.toMatchObject({ name: "InvalidPasswordException" });
});

test("RELIABILITY 11: a code is good once, ten minutes, five tries; nobody's codes fail alike", async () => {
  await t.call("SignUp", { Username: email, Password: password });
  const code = t.codeFor(email);
  const wrong = code === "000000" ? "000001" : "000000";
  const confirm = (ConfirmationCode: string, Username = email) => t.call("ConfirmSignUp", { Username, ConfirmationCode });
  for (let i = 0; i < 5; i++) await expect(confirm(wrong)).rejects.toMatchObject({ name: "CodeMismatchException" });
  await expect(confirm(code)).rejects.toMatchObject({ name: "ExpiredCodeException" });
  await expect(confirm(code, "nobody@example.com")).rejects.toMatchObject({ name: "ExpiredCodeException" });
  await t.call("ResendConfirmationCode", { Username: email });
  const second = t.codeFor(email);
  await t.clock.advance(600_000);
  await expect(confirm(second)).rejects.toMatchObject({ name: "ExpiredCodeException" });
  await t.call("ResendConfirmationCode", { Username: email });
  const third = t.codeFor(email);
  await confirm(third);
  await expect(confirm(third)).rejects.toMatchObject({ name: "ExpiredCodeException" });
});

test("RELIABILITY 7: a refresh token is new at each use; the last one answers alike for a minute", async () => {
  await t.signUp(email, password);
  const { RefreshToken } = await t.signIn(email, password);
  const second = await refreshed(RefreshToken);
  expect(second).not.toBe(RefreshToken);
  await t.clock.advance(60_000);
  expect(await refreshed(RefreshToken)).toBe(second);
  const third = await refreshed(second);
  expect(new Set([RefreshToken, second, third]).size).toBe(3);
});

test("RELIABILITY 7: a refresh token used again after its minute ends the whole family, access tokens too", async () => {
  await t.signUp(email, password);
  const { RefreshToken, AccessToken } = await t.signIn(email, password);
  const other = await t.signIn(email, password);
  const second = await refreshed(RefreshToken);
  await t.clock.advance(60_001);
  await expect(refreshed(RefreshToken)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await expect(refreshed(second)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await expect(t.pool.verifyAccessToken(AccessToken)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await t.pool.verifyAccessToken(other.AccessToken);
});

test("RELIABILITY 7: the device whose answer was lost asks again hours later, until the newest token was used; any other is refused", async () => {
  const [phone, thief] = ["phone-of-22-characters-", "thief-of-22-characters-"];
  await t.signUp(email, password);
  const { RefreshToken } = await t.signIn(email, password);
  const second = await refreshed(RefreshToken, phone);
  await t.clock.advance(5 * 3_600_000);
  expect(await refreshed(RefreshToken, phone)).toBe(second);
  const third = await refreshed(second, phone);
  await t.clock.advance(60_001);
  expect(await refreshed(second, phone)).toBe(third);
  await expect(refreshed(second, thief)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await expect(refreshed(third, phone)).rejects.toMatchObject({ name: "NotAuthorizedException" });

  const again = (await t.signIn(email, password)).RefreshToken;
  const last = await refreshed(await refreshed(again, phone), phone);
  await expect(refreshed(again, phone)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await expect(refreshed(last, phone)).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("RELIABILITY 7: a forged refresh token ends nothing, and a session ends after 30 days however often refreshed", async () => {
  await t.signUp(email, password);
  let { RefreshToken } = await t.signIn(email, password);
  const [sub, id, , tag] = RefreshToken.split(".");
  await expect(refreshed([sub, id, "forged", tag].join("."))).rejects.toMatchObject({ message: "Invalid Refresh Token" });
  t.pool.start();
  for (let day = 0; day < 29; day++) {
    await t.clock.advance(86_400_000);
    RefreshToken = await refreshed(RefreshToken);
  }
  for (const ms of [86_400_000, 0, 0]) {
    await t.clock.advance(ms);
    await t.store.flush();
  }
  await expect(refreshed(RefreshToken)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  expect(t.store.scan(rangeOf("isession"))).toEqual([]);
});

test("RELIABILITY 7: sign-out, deletion, disabling and a new password end tokens at once; groups change at once", async () => {
  const sub = await t.signUp(email, password);
  const first = await t.signIn(email, password);
  const revoked = { name: "NotAuthorizedException", message: "Access Token has been revoked" };
  await t.call("AdminAddUserToGroup", { Username: sub, GroupName: "admin" });
  await expect(t.pool.verifyAccessToken(first.AccessToken)).rejects.toMatchObject(revoked);
  const before = await t.signIn(email, password);
  expect(decodeJwt(before.AccessToken)["cognito:groups"]).toEqual(["admin"]);
  await t.call("AdminRemoveUserFromGroup", { Username: email, GroupName: "admin" });
  expect((await t.pool.verifyAccessToken(before.AccessToken))["cognito:groups"]).toEqual([]);
  await t.call("GlobalSignOut", { AccessToken: before.AccessToken });
  await expect(t.pool.verifyAccessToken(before.AccessToken)).rejects.toMatchObject(revoked);
  await expect(refreshed(before.RefreshToken)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  const [one, two] = [await t.signIn(email, password), await t.signIn(email, password)];
  const next = "another pot on the roof";
  await t.call("ChangePassword", { AccessToken: one.AccessToken, PreviousPassword: password, ProposedPassword: next });
  await t.pool.verifyAccessToken(one.AccessToken);
  await expect(t.pool.verifyAccessToken(two.AccessToken)).rejects.toMatchObject(revoked);
  await t.call("RevokeToken", { Token: one.RefreshToken });
  await expect(t.pool.verifyAccessToken(one.AccessToken)).rejects.toMatchObject(revoked);
  const three = await t.signIn(email, next);
  await t.call("AdminDisableUser", { Username: email });
  await expect(t.pool.verifyAccessToken(three.AccessToken)).rejects.toMatchObject(revoked);
  await expect(t.signIn(email, next)).rejects.toMatchObject({ message: "User is disabled." });
  await t.call("AdminEnableUser", { Username: email });
  const four = await t.signIn(email, next);
  await t.call("AdminDeleteUser", { Username: email });
  await expect(t.pool.verifyAccessToken(four.AccessToken)).rejects.toMatchObject(revoked);
});

test("a forgotten password: the code sets a new one and ends every session; strangers get the same answer", async () => {
  await t.signUp(email, password);
  const { AccessToken } = await t.signIn(email, password);
  const known = await t.call("ForgotPassword", { Username: email });
  const unknown = await t.call("ForgotPassword", { Username: "aha@elsewhere.com" });
  expect(known).toEqual(unknown);
  expect(t.pool.listOutbox(t.store).map(({ to }) => to)).not.toContain("aha@elsewhere.com");
  const next = "another pot on the roof";
  await t.call("ConfirmForgotPassword", { Username: email, ConfirmationCode: t.codeFor(email), Password: next });
  await expect(t.pool.verifyAccessToken(AccessToken)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await expect(t.signIn(email, password)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await t.signIn(email, next);
});

test("an admin makes an account: the temporary password has to be replaced", async () => {
  await t.call("AdminCreateUser", { Username: email, TemporaryPassword: "a temporary pot", MessageAction: "SUPPRESS" });
  const AuthParameters = { USERNAME: email, PASSWORD: "a temporary pot" };
  const challenge = await t.call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters });
  expect(challenge).toMatchObject({ ChallengeName: "NEW_PASSWORD_REQUIRED" });
  const respond = (Session: string) =>
    t.call("RespondToAuthChallenge", {
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session,
      ChallengeResponses: { USERNAME: email, NEW_PASSWORD: password },
    });
  await expect(respond(`${String(challenge.Session)}x`)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  expect(await respond(challenge.Session as string)).toMatchObject({ AuthenticationResult: { TokenType: "Bearer" } });
  await expect(respond(challenge.Session as string)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await t.signIn(email, password);
  await t.call("AdminSetUserPassword", { Username: email, Password: "set by the admin now", Permanent: true });
  await t.signIn(email, "set by the admin now");
});

test("an operator confirms an account whose mail never came", async () => {
  await t.call("SignUp", { Username: email, Password: password });
  await t.call("AdminConfirmSignUp", { Username: email });
  await t.signIn(email, password);
  await expect(t.call("AdminConfirmSignUp", { Username: email })).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("the first admin is made once, with a password nobody else has", async () => {
  const admin = await t.pool.ensureFirstAdmin();
  expect(admin?.password).toMatch(/^(?:[2-9a-z]{5}-){3}[2-9a-z]{5}$/);
  expect(await t.pool.ensureFirstAdmin()).toBeUndefined();
  expect(await (await t.reopen()).ensureFirstAdmin()).toBeUndefined();
  const { AccessToken } = await t.signIn(admin?.email ?? "", admin?.password ?? "");
  expect((await t.pool.verifyAccessToken(AccessToken))["cognito:groups"]).toEqual(["admin", "operator"]);
});

test("a restart keeps ids, keys and sessions; the key file is its owner's alone", async () => {
  await t.signUp(email, password);
  const { AccessToken } = await t.signIn(email, password);
  const again = await t.reopen();
  expect([again.poolId, again.clientId, again.jwks()]).toEqual([t.pool.poolId, t.pool.clientId, t.pool.jwks()]);
  expect(await again.verifyAccessToken(AccessToken)).toMatchObject({ token_use: "access" });
  expect(statSync(join(t.folder, "keys", "user-pool-keys.json")).mode & 0o777).toBe(0o600);
});

test("nothing in the store gives away a password, a code or a refresh token", async () => {
  await t.signUp(email, password);
  const { RefreshToken, AccessToken } = await t.signIn(email, password);
  await t.call("ForgotPassword", { Username: email });
  const code = t.codeFor(email);
  const kinds = ["i", "iuser", "iemail", "isession", "icode", "ilimit", "igroup"];
  const text = JSON.stringify(kinds.flatMap((kind) => t.store.scan(rangeOf(kind)))).replaceAll(`quick ${password}`, "");
  for (const secret of [password, code, RefreshToken.split(".")[2] as string, AccessToken]) expect(text).not.toContain(secret);
});

test("mails go out through the mail server and are tried again; then they are gone", async () => {
  const sent: string[] = [];
  let broken = true;
  const errors: unknown[] = [];
  const pool = await t.reopen({
    sendMail: async (to) => {
      if (broken) throw new Error("no connection");
      sent.push(to);
    },
    onError: (error) => errors.push(error),
  });
  pool.start();
  await callPool(t.store, pool, "SignUp", { Username: email, Password: password }, "10.0.0.1");
  await t.clock.advance(0);
  await t.store.flush();
  expect([sent.length, errors.length, pool.listOutbox(t.store).length]).toEqual([0, 1, 1]);
  broken = false;
  await t.clock.advance(60_000);
  await t.store.flush();
  expect(sent).toEqual(["ana@example.com"]);
  expect(pool.listOutbox(t.store)).toEqual([]);
  pool.stop();
});

test.each([
  { changed: "another filter", change: { Filter: 'name ^= "G"' } },
  { changed: "a token that no page gave", change: { PaginationToken: "b3RoZXI" } },
])("a page of users goes on for its own request alone: $changed is refused", async ({ change }) => {
  for (const name of ["A", "B"]) await t.guest(name);
  const { PaginationToken } = await t.call("ListUsers", { Limit: 1 });
  expect(await t.call("ListUsers", { Limit: 2, PaginationToken: PaginationToken as string })).toMatchObject({ Users: [{}] });
  await expect(t.call("ListUsers", { Limit: 1, PaginationToken: PaginationToken as string, ...change })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Invalid pagination token.",
  });
});

test("an operator's change is undone with the transaction that it is part of", async () => {
  const sub = await t.signUp(email, password);
  const request = { UserPoolId: t.pool.poolId, Username: sub };
  const failing = t.store.transact((tx) => {
    t.pool.execute(tx, "AdminDisableUser", request);
    expect(t.pool.query(tx, "AdminGetUser", request)).toMatchObject({ Enabled: false });
    throw new Error("what came after it failed");
  });
  await expect(failing).rejects.toThrow("what came after it failed");
  expect(await t.call("AdminGetUser", { Username: sub })).toMatchObject({ Enabled: true });
});

test.each([
  { operation: "InitiateAuth", request: { AuthFlow: "CUSTOM_AUTH", AuthParameters: {} }, name: "InvalidParameterException" },
  {
    operation: "InitiateAuth",
    request: { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "a@b" } },
    name: "InvalidParameterException",
  },
  { operation: "SignUp", request: { Username: "not an address", Password: password }, name: "InvalidParameterException" },
  { operation: "SignUp", request: { ClientId: "another", Username: email, Password: password }, name: "ResourceNotFoundException" },
  { operation: "ListUsers", request: { UserPoolId: "another" }, name: "ResourceNotFoundException" },
  { operation: "AdminAddUserToGroup", request: { Username: "nobody", GroupName: "admin" }, name: "UserNotFoundException" },
  { operation: "GetUser", request: { AccessToken: "rubbish" }, name: "NotAuthorizedException" },
  { operation: "constructor", request: {}, name: "UnknownOperationException" },
])("$operation with a bad request: $name", async ({ operation, request, name }) => {
  await expect(t.call(operation, request)).rejects.toMatchObject({ name });
});

test("operators list users, groups and the pool", async () => {
  const sub = await t.signUp(email, password);
  for (let i = 0; i < 4; i++) await t.guest(`Guest ${i}`);
  const usernames = ({ Users }: JsonObject): string[] => (Users as readonly { Username: string }[]).map(({ Username }) => Username);
  expect(usernames(await t.call("ListUsers", { Filter: 'email ^= "ana"' }))).toEqual([sub]);
  const first = await t.call("ListUsers", { Limit: 3 });
  const second = await t.call("ListUsers", { Limit: 3, PaginationToken: first.PaginationToken as string });
  expect(new Set([...usernames(first), ...usernames(second)]).size).toBe(5);
  expect(second).not.toHaveProperty("PaginationToken");
  await t.call("CreateGroup", { GroupName: "baristas" });
  expect(await t.call("ListGroups")).toMatchObject({
    Groups: [{ GroupName: "admin" }, { GroupName: "baristas" }, { GroupName: "operator" }],
  });
  await t.call("AdminAddUserToGroup", { Username: sub, GroupName: "baristas" });
  expect(await t.call("AdminListGroupsForUser", { Username: sub })).toMatchObject({ Groups: [{ GroupName: "baristas" }] });
  expect(await t.call("DescribeUserPool")).toMatchObject({ UserPool: { Name: "ServerlesspressoUserPool", EstimatedNumberOfUsers: 5 } });
  expect(await t.call("ListUserPoolClients")).toMatchObject({ UserPoolClients: [{ ClientId: t.pool.clientId }] });
});
