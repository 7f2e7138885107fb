/** Which passwords are taken, at every door they come in by. */
import { createRequire } from "node:module";
import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestPool, type TestPool } from "./testing.ts";

const email = "ana@example.com";
const password = "flower pot on the roof";
const refused = { name: "InvalidPasswordException" };
let t: TestPool;

beforeEach(async () => {
  t = await openTestPool({ settings: () => ({ minimumPasswordLength: 8 }) });
});
afterEach(() => t.close());

const signUp = (Password: string) => t.call("SignUp", { Username: email, Password });

test("RELIABILITY 12: the 10,000 commonest passwords are refused, though the operator allows eight characters", async () => {
  const list = createRequire(import.meta.url)("@zxcvbn-ts/language-common/src/passwords.json") as readonly string[];
  const long = list.slice(10_000).filter(({ length }) => length >= 12);
  const told = new Set<string>();
  for (const text of [...list.slice(0, 10_000), ...long]) {
    await signUp(text).then(
      () => told.add(`taken: ${text}`),
      (error: Error) => told.add(`${error.name}: ${error.message.replace(/.*: /, "")}`),
    );
  }
  expect([...told].sort()).toEqual([
    "InvalidPasswordException: Password is too easy to guess",
    "InvalidPasswordException: Password not long enough, expected at least 8 characters",
  ]);
});

test.each([
  { what: "of the list, with signs after it", text: "1qaz2wsx3edc!!" },
  { what: "of the list, said twice", text: "trustno1trustno1" },
  { what: "of the list, in capitals", text: "ADMINISTRATOR" },
  { what: "of the list, in wide letters", text: "ｐａｓｓｗｏｒｄ１２３４" },
  { what: "a word of the list among digits", text: "2024scandinavian17" },
  { what: "a word of the list with digits for letters", text: "5up3rn4tur4l!" },
  { what: "this shop's name", text: "Serverlesspresso2026" },
  { what: "a run of the alphabet with digits", text: "abcdefghijkl2026" },
])("RELIABILITY 12: refused: $what", ({ text }) => expect(signUp(text)).rejects.toMatchObject(refused));

test.each([
  password,
  "48a93fb812-77k",
  "correct horse battery",
  "gfhhd-efp4u-6fw4d-xufe8",
  "три зелёных чайника",
  "咖啡店里的三只绿色茶壶",
])("taken: %s", async (text) => {
  await signUp(text);
});

test("RELIABILITY 12: no door takes a common password, nor a short one", async () => {
  const sub = await t.signUp(email, password);
  await t.signUp("changes@example.com", password);
  const { AccessToken } = await t.signIn("changes@example.com", password);
  await t.call("AdminCreateUser", { Username: "new@example.com", TemporaryPassword: "a temporary pot", MessageAction: "SUPPRESS" });
  const AuthParameters = { USERNAME: "new@example.com", PASSWORD: "a temporary pot" };
  await t.call("ForgotPassword", { Username: email });
  const ConfirmationCode = t.codeFor(email);
  const { Session = "" } = await t.call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters });
  const doors: [string, (text: string) => JsonObject][] = [
    ["ChangePassword", (ProposedPassword) => ({ AccessToken, PreviousPassword: password, ProposedPassword })],
    ["SignUp", (Password) => ({ Username: "other@example.com", Password })],
    ["ConfirmForgotPassword", (Password) => ({ Username: email, ConfirmationCode, Password })],
    ["AdminCreateUser", (TemporaryPassword) => ({ Username: "third@example.com", TemporaryPassword })],
    ["AdminSetUserPassword", (Password) => ({ Username: sub, Password, Permanent: true })],
    [
      "RespondToAuthChallenge",
      (NEW_PASSWORD) => ({
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        Session,
        ChallengeResponses: { USERNAME: "new@example.com", NEW_PASSWORD },
      }),
    ],
  ];
  for (const [operation, request] of doors) {
    for (const text of ["administrator", "short"]) await expect(t.call(operation, request(text)), operation).rejects.toMatchObject(refused);
  }
  for (const text of ["administrator", "short"]) await expect(t.pool.ensureFirstAdmin({ password: text })).rejects.toMatchObject(refused);
  // None of it used anything up: each door takes a good one.
  for (const [operation, request] of doors) await t.call(operation, request("another pot on the roof"));
});
