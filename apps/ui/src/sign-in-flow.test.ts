import { expect, test, vi } from "vitest";
import { Problem } from "./problem.ts";
import { createSignInFlow } from "./sign-in-flow.ts";
import { createTestShelf } from "./test-shelf.ts";
import type { UserPool } from "./user-pool.ts";

/** A pool that answers each operation once as told, and everything else well. */
function open(refusals: Readonly<Record<string, string>> = {}, kept = new Map<string, string>()) {
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
  const flow = createSignInFlow(pool, { adopt }, createTestShelf(kept));
  flow.email.value ||= "ana@example.com";
  flow.password.value = "flower pot on the roof";
  return { flow, calls, adopt };
}

test("an address that has an account: says so, and offers the code and the forgotten password", async () => {
  const { flow } = open({ SignUp: "UsernameExistsException" });
  flow.goTo("signUp");
  await expect(flow.submit({ name: "Ana" })).rejects.toMatchObject({ type: "UsernameExistsException" });
  expect([flow.step.value, flow.note.value]).toEqual(["signUp", "taken"]);
  flow.goTo("confirm");
  expect([flow.note.value, flow.codeSent.value]).toEqual([undefined, false]);
  await flow.resendCode();
  expect(flow.codeSent.value).toBe(true);
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

test("F2. left while it waits for a code, the flow goes on there; who has not signed up here sets a password after the code", async () => {
  const kept = new Map<string, string>();
  open({}, kept).flow.goTo("confirm");
  const confirming = open({}, kept);
  expect([confirming.flow.step.value, confirming.flow.email.value]).toEqual(["confirm", "ana@example.com"]);
  confirming.flow.password.value = "";
  await confirming.flow.submit({ code: "123456" });
  expect(confirming.calls).toEqual(["ConfirmSignUp", "ForgotPassword"]);
  const resetting = open({}, kept);
  expect([resetting.flow.step.value, resetting.flow.note.value, resetting.flow.codeSent.value]).toEqual(["reset", "confirmed", false]);
  expect([...kept.values()].join()).not.toContain("flower pot");
  await resetting.flow.resendCode();
  await resetting.flow.submit({ code: "654321" });
  expect(resetting.calls).toEqual(["ForgotPassword", "ConfirmForgotPassword", "InitiateAuth"]);
  expect(open({}, kept).flow.step.value).toBe("signIn");
});

test("F2. who signed up here and left signs in with that password after the code", async () => {
  const kept = new Map<string, string>();
  const { flow } = open({}, kept);
  flow.goTo("signUp");
  await flow.submit({ name: "Ana" });
  const back = open({}, kept).flow;
  back.password.value = "";
  await back.submit({ code: "123456" });
  expect(back.step.value).toBe("signIn");
});

test("F1. a code that could not be sent is asked for again at the next step: the address is confirmed already", async () => {
  const { flow, calls } = open({ InitiateAuth: "NotAuthorizedException", ForgotPassword: "LimitExceededException" });
  flow.goTo("confirm");
  await expect(flow.submit({ code: "123456" })).rejects.toMatchObject({ type: "LimitExceededException" });
  expect([flow.step.value, flow.codeSent.value]).toEqual(["reset", false]);
  await flow.resendCode();
  expect([calls.at(-1), flow.codeSent.value]).toEqual(["ForgotPassword", true]);
});
