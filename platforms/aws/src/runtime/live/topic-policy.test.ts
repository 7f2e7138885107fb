import { blueprint } from "@serverlesspresso/blueprint";
import { describe, expect, test } from "vitest";
import { topicPolicy } from "./topic-policy.ts";

const arnPrefix = "arn:aws:iot:eu-west-1:1";
const nowMs = 1_000_000_000;
const token = { sub: "8a-1", groups: ["other"], exp: nowMs / 1000 + 3000 };
const { topics } = blueprint;
const policy = (more: object = {}) => topicPolicy({ topics, arnPrefix, clientId: "order-x", token, nowMs, ...more });
/** What a policy allows: `Subscribe serverlesspresso-config`. */
const allowed = (answer: ReturnType<typeof topicPolicy>): string[] =>
  answer.policyDocuments.flatMap(({ Statement }) =>
    (Statement as unknown as { Action: string; Resource: string[] }[]).flatMap(({ Action, Resource }) =>
      Resource.map((arn) => `${Action} ${arn.replace(`${arnPrefix}:`, "")}`),
    ),
  );
const listening = (...names: readonly string[]): string[] => [
  "iot:Connect client/order-x",
  ...names.map((name) => `iot:Subscribe topicfilter/serverlesspresso-${name}`),
  ...names.map((name) => `iot:Receive topic/serverlesspresso-${name}`),
];

describe("RELIABILITY 45 (L1): the policy is for one subject and names its topics whole", () => {
  test.each([
    { who: "nobody", token: undefined, hears: ["config"] },
    { who: "a guest", token, hears: ["user-8a-1", "config"] },
    { who: "staff", token: { ...token, groups: ["admin"] }, hears: ["admin", "user-8a-1", "config"] },
  ])("$who", ({ token, hears }) => expect(allowed(policy({ token }))).toEqual(listening(...hears)));
});

test("RELIABILITY 45 (L2): nobody publishes, and nothing is allowed by a wildcard", () => {
  const all = allowed(policy({ token: { ...token, groups: ["admin"] } })).join("\n");
  expect(all).not.toMatch(/Publish|\*|\?|\$/);
});

test.each([{ sub: "*" }, { sub: "a*" }, { sub: "?" }, { sub: "+" }, { sub: "a/#" }, { sub: `$${"{iot:ClientId}"}` }, { sub: "" }])(
  "RELIABILITY 45 (L3): a user id of $sub gets nothing",
  ({ sub }) => {
    expect(policy({ token: { ...token, sub } })).toMatchObject({ isAuthenticated: false, policyDocuments: [] });
  },
);
test.each(["*", "a?", "", "a/b", "x".repeat(129)])("L3: a client id of %s gets nothing", (clientId) => {
  expect(policy({ clientId })).toMatchObject({ isAuthenticated: false, policyDocuments: [] });
});

test.each([
  { left: 3000, seconds: 3000 },
  { left: 10, seconds: 300 },
  { left: 100_000, seconds: 86_400 },
])("a link lasts as long as its token, within IoT Core's bounds: $left s left", ({ left, seconds }) => {
  const answer = policy({ token: { ...token, exp: nowMs / 1000 + left } });
  expect([answer.disconnectAfterInSeconds, answer.refreshAfterInSeconds]).toEqual([seconds, seconds]);
  expect(answer.principalId).toMatch(/^[A-Za-z0-9]{1,128}$/);
});
