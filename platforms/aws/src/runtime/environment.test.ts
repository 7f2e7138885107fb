import { expect, test } from "vitest";
import { EnvironmentError, readEnvironment, readOptional } from "./environment.ts";

const good = { USER_POOL_ID: "us-east-1_abc123", USER_POOL_CLIENT_ID: "client", GUEST_SIGN_IN: "on" };

test("what a function was given, and no more", () => {
  expect(readEnvironment(["USER_POOL_ID"], { ...good, OTHER: "x" })).toEqual({ USER_POOL_ID: "us-east-1_abc123" });
});

test("everything that is missing or wrong is named at once, with what was expected", () => {
  const read = () =>
    readEnvironment(["USER_POOL_ID", "USER_POOL_CLIENT_ID", "GUEST_SIGN_IN"], {
      AWS_LAMBDA_FUNCTION_NAME: "SignInAsGuest",
      USER_POOL_ID: "nonsense",
      USER_POOL_CLIENT_ID: "",
      GUEST_SIGN_IN: "yes",
    });
  expect(read).toThrow(EnvironmentError);
  expect(read).toThrow(
    'SignInAsGuest: USER_POOL_ID is "nonsense", expected a user pool\'s id; the environment variable USER_POOL_CLIENT_ID is missing; ' +
      'GUEST_SIGN_IN is "yes", expected on or off',
  );
});

test.each([
  { given: {}, value: undefined },
  { given: { USER_POOL_ISSUER: "" }, value: undefined },
  { given: { USER_POOL_ISSUER: "https://x" }, value: "https://x" },
])("one that may be absent: $given", ({ given, value }) => expect(readOptional("USER_POOL_ISSUER", given)).toBe(value));
