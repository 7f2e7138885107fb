import { expect, test, vi } from "vitest";
import { Problem } from "./problem.ts";
import { createSignInFlow } from "./sign-in-flow.ts";
import type { UserPool } from "./user-pool.ts";

/** A pool that answers each operation once as told, and everything else well. */
function open(refusals: Readonly<Record<string, string>> = {}) {
  const calls: string[] = [];
  const left = new Map(Object.entries(refusals));
  const answer = async (operation: string): Promise<unknown> => {
    calls.push(operation);
    const type = left.get(operation);
    left.delete(operation);
    if (type !== undefined) throw new Problem(type, 400, type);
    return { AccessToken: "a" };
  };
  const adopt = vi.fn(async () => {});
  const pool = { call: answer, signIn: () => answer("InitiateAuth") } as unknown as UserPool;
  const flow = createSignInFlow(pool, { adopt });
  flow.email.value = "ana@example.com";
  flow.password.value = "flower pot on the roof";
  return { flow, calls, adopt };
}

test("an address that has an account: says so, and offers the code and the forgotten password", async () => {
  const { flow } = open({ SignUp: "UsernameExistsException" });
  flow.goTo("signUp");
  await expect(flow.submit({ name: "Ana" })).rejects.toMatchObject({ type: "UsernameExistsException" });
  expect([flow.step.value, flow.note.value]).toEqual(["signUp", "taken"]);
  flow.goTo("confirm");
  expect(flow.note.value).toBeUndefined();
});

test.each(["NotAuthorizedException", "PasswordResetRequiredException"])(
  "F1. a code that fits an account begun with another password (%s) leads to a password of one's own",
  async (type) => {
    const { flow, calls, adopt } = open({ InitiateAuth: type });
    flow.goTo("confirm");
    await flow.submit({ code: "123456" });
    expect([flow.step.value, flow.note.value]).toEqual(["reset", "otherPassword"]);
    await flow.submit({ code: "654321" });
    expect(calls).toEqual(["ConfirmSignUp", "InitiateAuth", "ForgotPassword", "ConfirmForgotPassword", "InitiateAuth"]);
    expect(adopt).toHaveBeenCalledOnce();
  },
);

test.each([
  { type: "UserNotConfirmedException", then: "confirm", call: "ResendConfirmationCode" },
  { type: "PasswordResetRequiredException", then: "reset", call: "ForgotPassword" },
])("a sign-in that meets $type goes on with $then", async ({ type, then, call }) => {
  const { flow, calls } = open({ InitiateAuth: type });
  await flow.submit({});
  expect([flow.step.value, calls.at(-1)]).toEqual([then, call]);
});
