/** Accounts through the user pool's own calls: `POST /` with `X-Amz-Target`. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, callApi, signInGuest, type Tokens } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { adminEmail, adminPassword } from "../support/server.ts";
import { watchAnswers } from "./answers.ts";
import { callPool, claimsOf, guestTokens, type ProblemView, problemNamed } from "./steps.ts";

watchAnswers();
let bar: Bar;
beforeAll(async () => {
  bar = await openBar();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

type SignedIn = {
  readonly AuthenticationResult: Tokens & { readonly IdToken: string; readonly ExpiresIn: number; readonly TokenType: string };
};
const password = "a long walk to the harbour 7";
const withPassword = (USERNAME: string, PASSWORD: string) =>
  callPool<SignedIn>(bar, "InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME, PASSWORD } });
const withRefresh = (REFRESH_TOKEN: string) =>
  callPool<SignedIn>(bar, "InitiateAuth", { AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN } });
const me = (token: string): Promise<Answer> => callApi(bar.url, token, "GET", "/myOrders");
const refusal = (code: string) => ({ status: 400, body: { __type: code, message: expect.stringMatching(/\w/) } });

/** The code of the newest mail to this address, from the outbox that the operator reads. */
async function mailedCode(to: string): Promise<string> {
  const { body } = await (await bar.admin()).call<{ mails: { to: string; text: string }[] }>("GET", "/outbox");
  const code = /\b\d{6}\b/.exec(body.mails.find((mail) => mail.to === to)?.text ?? "")?.[0];
  if (code === undefined) throw new Error(`no mail with a code to ${to}`);
  return code;
}
async function confirmed(email: string): Promise<Tokens> {
  expect((await callPool(bar, "SignUp", { Username: email, Password: password })).status).toBe(200);
  expect((await callPool(bar, "ConfirmSignUp", { Username: email, ConfirmationCode: await mailedCode(email) })).status).toBe(200);
  return (await withPassword(email, password)).body.AuthenticationResult;
}

describe("signing up", () => {
  test("a code comes by mail, confirms once, and then the password signs in", async () => {
    const account = {
      Username: "ada@example.com",
      Password: password,
      UserAttributes: [
        { Name: "email", Value: "ada@example.com" },
        { Name: "name", Value: "Ada" },
      ],
    };
    const { status, body } = await callPool<{ UserConfirmed: boolean; UserSub: string; CodeDeliveryDetails: { Destination: string } }>(
      bar,
      "SignUp",
      account,
    );
    expect([status, body.UserConfirmed, body.CodeDeliveryDetails.Destination]).toEqual([200, false, expect.not.stringContaining("ada@")]);
    expect(await withPassword(account.Username, password)).toMatchObject(refusal("UserNotConfirmedException"));
    const code = await mailedCode(account.Username);
    const wrong = code === "000000" ? "000001" : "000000";
    expect(await callPool(bar, "ConfirmSignUp", { Username: account.Username, ConfirmationCode: wrong })).toMatchObject(
      refusal("CodeMismatchException"),
    );
    expect(await callPool(bar, "ConfirmSignUp", { Username: account.Username, ConfirmationCode: code })).toMatchObject({
      status: 200,
      body: {},
    });
    expect((await callPool(bar, "ConfirmSignUp", { Username: account.Username, ConfirmationCode: code })).status).toBe(400);
    const { AccessToken, IdToken, ExpiresIn, TokenType } = (await withPassword("ADA@example.com", password)).body.AuthenticationResult;
    expect([ExpiresIn, TokenType]).toEqual([3600, "Bearer"]);
    expect(claimsOf(AccessToken)).toMatchObject({
      sub: body.UserSub,
      token_use: "access",
      client_id: bar.platform.identities.pool.clientId,
      iss: expect.stringContaining(bar.platform.identities.pool.poolId),
    });
    expect(claimsOf(IdToken)).toMatchObject({
      sub: body.UserSub,
      token_use: "id",
      aud: bar.platform.identities.pool.clientId,
      email: "ada@example.com",
    });
    expect(claimsOf(AccessToken)["cognito:groups"]).toBeUndefined();
    expect((await me(AccessToken)).status).toBe(200);
    expect((await callApi(bar.url, AccessToken, "GET", "/orders")).status).toBe(403);
    expect(await callPool(bar, "SignUp", account)).toMatchObject(refusal("UsernameExistsException"));
  });
  test("a code lives ten minutes and five tries", async () => {
    const account = { Username: "bo@example.com", Password: password };
    await callPool(bar, "SignUp", account);
    const code = await mailedCode(account.Username);
    for (let i = 0; i < 5; i++)
      await callPool(bar, "ConfirmSignUp", { ...account, ConfirmationCode: code === "111111" ? "222222" : "111111" });
    expect((await callPool(bar, "ConfirmSignUp", { ...account, ConfirmationCode: code })).status).toBe(400);
    await callPool(bar, "ResendConfirmationCode", account);
    const second = await mailedCode(account.Username);
    await bar.clock.advance(601_000);
    expect(await callPool(bar, "ConfirmSignUp", { ...account, ConfirmationCode: second })).toMatchObject(refusal("ExpiredCodeException"));
  });
  test.each([
    { name: "short", Password: "short", Username: "c@example.com" },
    { name: "well known", Password: "password1234", Username: "c@example.com" },
    { name: "made from the address", Password: "carolina@ex", Username: "carolina@example.com" },
  ])("a password that is $name is refused", async (account) => {
    expect(await callPool(bar, "SignUp", account)).toMatchObject(refusal("InvalidPasswordException"));
  });
});

describe("signing in", () => {
  test("RELIABILITY 10: a wrong password, an unknown user and one without a password are answered alike", async () => {
    const answers = [await withPassword(adminEmail, "wrong password 123"), await withPassword("nobody@example.com", adminPassword)];
    for (const answer of answers) expect(answer).toMatchObject(refusal("NotAuthorizedException"));
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });
  // Cognito's protocol answers `TooManyRequestsException` with 400, which its clients know; what 429 would say stands in its name and in Retry-After,
  // and the apps tell the wait in words (`test/e2e/ends.test.ts`).
  test("RELIABILITY 10: ten wrong passwords hold an account off, in Cognito's words and with Retry-After; later the right one is taken", async () => {
    await confirmed("dan@example.com");
    for (let i = 0; i < 10; i++)
      expect(await withPassword("dan@example.com", `wrong password ${i}`)).toMatchObject(refusal("NotAuthorizedException"));
    const held = await withPassword("dan@example.com", password);
    expect(held).toMatchObject(refusal("TooManyRequestsException"));
    expect(Number(held.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await withPassword(adminEmail, adminPassword)).status).toBe(200);
    await bar.clock.advance(15 * 60_000 + 1_000);
    expect((await withPassword("dan@example.com", password)).status).toBe(200);
  });
  test("the first admin is one, and an operator: groups, and what they open", async () => {
    const { AccessToken } = (await withPassword(adminEmail, adminPassword)).body.AuthenticationResult;
    expect(claimsOf(AccessToken)["cognito:groups"]).toEqual(["admin", "operator"]);
    for (const path of ["/orders", "/outbox"]) expect((await callApi(bar.url, AccessToken, "GET", path)).status).toBe(200);
  });
  test.each([
    {
      name: "another client",
      request: { ClientId: "other", AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: adminEmail, PASSWORD: adminPassword } },
      code: "ResourceNotFoundException",
    },
    { name: "a flow we have not", request: { AuthFlow: "CUSTOM_AUTH", AuthParameters: {} }, code: "InvalidParameterException" },
    { name: "no parameters", request: { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: {} }, code: "InvalidParameterException" },
    {
      name: "an object for a name",
      request: { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: {}, PASSWORD: "x" } },
      code: "InvalidParameterException",
    },
  ])("with $name is refused in Cognito's words", async ({ request, code }) => {
    expect(await callPool(bar, "InitiateAuth", request)).toMatchObject(refusal(code));
  });
  test("an operator's calls of the pool are not for guests, and not for nobody", async () => {
    const { AccessToken } = await guestTokens(bar);
    for (const token of [undefined, AccessToken])
      expect(
        await callApi(
          bar.url,
          token,
          "POST",
          "/",
          { UserPoolId: bar.platform.identities.pool.poolId },
          { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.ListUsers" },
        ),
      ).toMatchObject({
        status: 403,
        body: { __type: expect.stringMatching(/^(AccessDenied|MissingAuthenticationToken)Exception$/) },
      });
  });
});

describe("refresh tokens", () => {
  test("give new tokens and are changed at each use; the one before is good for a minute, then it ends the whole family", async () => {
    const first = await guestTokens(bar);
    await bar.clock.advance(3_600_000);
    expect((await me(first.AccessToken)).status).toBe(401);
    const second = (await withRefresh(first.RefreshToken)).body.AuthenticationResult;
    expect([(await me(second.AccessToken)).status, claimsOf(second.AccessToken).sub]).toEqual([200, claimsOf(first.AccessToken).sub]);
    expect(second.RefreshToken).not.toBe(first.RefreshToken);
    // An answer that was lost: the same question within the minute gets the same token.
    expect((await withRefresh(first.RefreshToken)).body.AuthenticationResult.RefreshToken).toBe(second.RefreshToken);
    await bar.clock.advance(61_000);
    expect(await withRefresh(first.RefreshToken)).toMatchObject(refusal("NotAuthorizedException"));
    expect(await withRefresh(second.RefreshToken)).toMatchObject(refusal("NotAuthorizedException"));
    expect((await me(second.AccessToken)).status).toBe(401);
  });
  test("a revoked one ends its session", async () => {
    const tokens = await guestTokens(bar);
    expect((await callPool(bar, "RevokeToken", { Token: tokens.RefreshToken })).status).toBe(200);
    expect((await withRefresh(tokens.RefreshToken)).status).toBe(400);
    expect((await me(tokens.AccessToken)).status).toBe(401);
  });
  test.each(["", "x", "a.b.c.d", `${"x".repeat(3000)}`])("one that is none is refused", async (token) => {
    const { status, body } = await withRefresh(token);
    expect([status, Object.keys(body).sort()]).toEqual([400, ["__type", "message"]]);
  });
  test("an access token is no refresh token, and a refresh token no access token", async () => {
    const { AccessToken, RefreshToken } = await guestTokens(bar);
    expect((await withRefresh(AccessToken)).status).toBe(400);
    expect((await me(RefreshToken)).status).toBe(401);
  });
});

test("RELIABILITY 8: npm run rotate-keys beside a running bar: both keys are published, nobody is signed out", async () => {
  const old = await guestTokens(bar);
  const keyIds = async (): Promise<string[]> => {
    const { body } = await callApi<{ keys: { kid: string }[] }>(
      bar.url,
      undefined,
      "GET",
      `/${bar.platform.identities.pool.poolId}/.well-known/jwks.json`,
    );
    return body.keys.map(({ kid }) => kid);
  };
  const before = await keyIds();
  const command = join(import.meta.dirname, "../../platforms/local/src/rotate-keys.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [command, "--data", bar.dataFolder]);
  const after = await keyIds();
  expect(after.slice(1)).toEqual(before);
  expect(stdout).toContain(after[0]);
  const fresh = await guestTokens(bar);
  expect([(await me(old.AccessToken)).status, (await me(fresh.AccessToken)).status]).toEqual([200, 200]);
  const { body: audit } = await (await bar.admin()).call<{ acts: { what: string; who: string; about: unknown }[] }>(
    "GET",
    "/audit?maxItems=1",
  );
  expect(audit.acts).toMatchObject([
    { what: "npm run rotate-keys", who: expect.stringMatching(/^command line, user \d+$/), about: { keyId: after[0] } },
  ]);
  await expect(promisify(execFile)(process.execPath, [command, "--data", join(bar.dataFolder, "nothing")])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^there is no key file ".*"; a bar makes it at its first start\n$/),
  });
});

describe("a password that was forgotten, changed, left", () => {
  test("the mailed code sets a new one, once, and every earlier session ends", async () => {
    const before = await confirmed("eve@example.com");
    const ask = (Username: string) => callPool<{ CodeDeliveryDetails: { DeliveryMedium: string } }>(bar, "ForgotPassword", { Username });
    expect((await ask("eve@example.com")).status).toBe(200);
    const code = await mailedCode("eve@example.com");
    const next = "another walk to the sea 8";
    const confirm = { Username: "eve@example.com", ConfirmationCode: code, Password: next };
    expect((await callPool(bar, "ConfirmForgotPassword", { ...confirm, Password: "short" })).status).toBe(400);
    expect((await callPool(bar, "ConfirmForgotPassword", confirm)).status).toBe(200);
    expect((await callPool(bar, "ConfirmForgotPassword", confirm)).status).toBe(400);
    expect((await me(before.AccessToken)).status).toBe(401);
    expect((await withRefresh(before.RefreshToken)).status).toBe(400);
    expect((await withPassword("eve@example.com", password)).status).toBe(400);
    expect((await withPassword("eve@example.com", next)).status).toBe(200);
    // Who is not known is answered alike, and gets no mail.
    const { status, body } = await ask("stranger@example.com");
    expect([status, body.CodeDeliveryDetails.DeliveryMedium]).toEqual([200, "EMAIL"]);
    await expect(mailedCode("stranger@example.com")).rejects.toThrow();
  });
  test("ChangePassword asks for the old one and keeps the session it was called from", async () => {
    const [one, two] = [await confirmed("flo@example.com"), (await withPassword("flo@example.com", password)).body.AuthenticationResult];
    const change = (PreviousPassword: string) =>
      callPool(bar, "ChangePassword", { AccessToken: one.AccessToken, PreviousPassword, ProposedPassword: "quite another road 99" });
    expect((await change("not my password 1")).status).toBe(400);
    expect((await change(password)).status).toBe(200);
    expect([(await me(one.AccessToken)).status, (await me(two.AccessToken)).status]).toEqual([200, 401]);
  });
  test("signing out ends every token of the user at once, and nobody else's", async () => {
    const [leaving, staying] = [await guestTokens(bar), await guestTokens(bar)];
    expect((await callPool(bar, "GlobalSignOut", { AccessToken: leaving.AccessToken })).status).toBe(200);
    expect([(await me(leaving.AccessToken)).status, (await withRefresh(leaving.RefreshToken)).status]).toEqual([401, 400]);
    expect((await me(staying.AccessToken)).status).toBe(200);
    expect((await callPool(bar, "GlobalSignOut", { AccessToken: leaving.AccessToken })).status).toBe(400);
  });
});

describe("guests by name alone", () => {
  test("get tokens as InitiateAuth gives them, and the name on the cup", async () => {
    const { status, body } = await callApi<Tokens & { IdToken: string }>(bar.url, undefined, "POST", "/guests", {
      name: "  Zo\u200be\u202e ",
    });
    expect([status, Object.keys(body as object).sort()]).toEqual([
      201,
      ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"],
    ]);
    expect(claimsOf(body.IdToken).name).toBe("Zo e");
    const [a, b] = [await signInGuest(bar.url, "Same"), await signInGuest(bar.url, "Same")];
    expect(a.sub).not.toBe(b.sub);
  });
  test.each([{}, { name: "" }, { name: " \u200b " }, { name: 7 }, { name: "x".repeat(41) }, { name: "Ada", groups: ["admin"] }])(
    "%j is refused with 422",
    async (body) => {
      expect((await callApi(bar.url, undefined, "POST", "/guests", body)).status).toBe(422);
    },
  );
  test("RELIABILITY 29: one phone with many names gets its share of a window, in words, and no more; other phones get theirs", async () => {
    const { code } = await bar.nextWindow();
    const phone = { "x-device-id": "a-phone-of-many-names-0" };
    const guest = (name: string) => callApi<Tokens>(bar.url, undefined, "POST", "/guests", { name }, phone);
    const scan = (token: string, headers: Record<string, string>) =>
      callApi<ProblemView>(bar.url, token, "POST", `/qr-code?token=${code}`, undefined, headers);
    const made = await Promise.all(Array.from({ length: 31 }, (_, i) => guest(`Name ${i}`)));
    expect(made.filter(({ status }) => status === 201).length).toBe(30);
    expect(made.find(({ status }) => status !== 201)).toMatchObject({ status: 429, body: { type: problemNamed("too-many-requests") } });
    const tokens = made.filter(({ status }) => status === 201).map(({ body }) => body.AccessToken);
    const answers = await Promise.all(tokens.map((token) => scan(token, phone)));
    expect(answers.filter(({ status }) => status === 201).length).toBe(3);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const { status, body } of refused) expect([status, body.type]).toEqual([429, problemNamed("device-limit")]);
    expect(refused[0]?.body.detail).toContain("3 drinks");
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    const other = await signInGuest(bar.url, "Other");
    expect((await scan(other.token, { "x-device-id": "another-phone-of-one-name" })).status).toBe(201);
    expect((await (await bar.admin()).call<{ remaining: number }>("GET", "/qr-code")).body.remaining).toBe(6);
    await bar.configure({ maxOrdersPerDevicePerWindow: 0 });
    expect((await scan(tokens[29] as string, phone)).status).toBe(201);
    await bar.configure({ maxOrdersPerDevicePerWindow: 3 });
  });
  test("where accounts are required: 403, which says so; accounts go on as ever", async () => {
    const strict = await openBar({ guestSignIn: false });
    expect(await callApi<ProblemView>(strict.url, undefined, "POST", "/guests", { name: "Ada" })).toMatchObject({
      status: 403,
      body: { type: problemNamed("accounts-required"), detail: expect.stringContaining("account") },
    });
    expect((await (await strict.admin()).call("GET", "/orders")).status).toBe(200);
    await strict.close();
  });
});

describe("pairing a display", () => {
  const start = async () =>
    (await callApi<{ code: string; deviceSecret: string }>(bar.url, undefined, "POST", "/pairings", { deviceName: "Display" })).body;
  const poll = (secret: string) => callApi<Tokens>(bar.url, secret, "GET", "/pairings/current");
  test("the operator's confirmation of the code shown gives the device tokens of its own; nothing else does", async () => {
    const [admin, guest, { code, deviceSecret }] = [await bar.admin(), await signInGuest(bar.url), await start()];
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{6}$/);
    expect((await poll(deviceSecret)).status).toBe(202);
    expect((await callApi(bar.url, undefined, "POST", `/pairings/${code}`)).status).toBe(401);
    expect((await guest.call("POST", `/pairings/${code}`)).status).toBe(403);
    expect((await poll(deviceSecret)).status).toBe(202);
    expect((await admin.call("POST", `/pairings/${code.toLowerCase()}`)).status).toBe(200);
    expect((await admin.call("POST", `/pairings/${code}`)).status).toBe(200);
    const { status, body } = await poll(deviceSecret);
    expect([
      status,
      claimsOf(body.AccessToken).sub === admin.sub,
      (await callApi(bar.url, body.AccessToken, "GET", "/qr-code")).status,
    ]).toEqual([200, false, 200]);
    await bar.clock.advance(61_000);
    expect((await poll(deviceSecret)).status).toBe(410);
  });
  test("a code nobody shows, a secret nobody has, a code of eleven minutes ago", async () => {
    const admin = await bar.admin();
    expect(await admin.call("POST", "/pairings/ZZZZZZ")).toMatchObject({ status: 400, body: { type: problemNamed("unknown-code") } });
    expect((await poll("nonsense")).status).toBe(410);
    expect((await callApi(bar.url, undefined, "GET", "/pairings/current")).status).toBe(401);
    const { code, deviceSecret } = await start();
    await bar.clock.advance(660_000);
    expect((await (await bar.admin()).call("POST", `/pairings/${code}`)).status).toBe(400);
    expect((await poll(deviceSecret)).status).toBe(410);
  });
});
