/** Runs the mapping templates in a Velocity engine. This proves what they say, not how API Gateway's own engine reads them. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gatewayRefusals, requestTemplate, responseTemplate } from "../src/constructs/order-action-mapping.ts";
import { renderVelocity } from "./velocity.ts";

const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderManagerStateMachine";

interface Call {
  readonly id?: string;
  readonly action?: string;
  readonly body?: JsonValue;
  readonly claims?: Readonly<Record<string, string>>;
}

/** As API Gateway escapes. */
function escapeJavaScript(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("'", "\\'")
    .replaceAll("/", "\\/")
    .replaceAll(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The input of the workflow for a call. */
function inputOf({ id = "o1", action, body, claims = { sub: "ada" } }: Call): JsonObject {
  const text = renderVelocity(requestTemplate(arn), {
    context: { authorizer: { claims }, requestTimeEpoch: 1_700_000_000_000 },
    input: {
      json: () => (body === undefined ? "" : JSON.stringify(body)),
      params: () => ({ querystring: { get: (name: string) => (name === "action" ? action : undefined) }, path: { get: () => id } }),
    },
    util: { escapeJavaScript },
  });
  const { stateMachineArn, input, ...rest } = JSON.parse(text) as { stateMachineArn: string; input: string };
  expect({ stateMachineArn, rest }).toEqual({ stateMachineArn: arn, rest: {} });
  return JSON.parse(input) as JsonObject;
}

const latte = { drink: "Latte", modifiers: ["Oat"], name: 'Ada\'s "cup" \\ ünïcødé', note: "a/b" };

test("a guest's choice", () => {
  const wanted = { action: "placeOrder", orderId: "o1", userId: "ada", isAdmin: false, nowMs: 1_700_000_000_000, body: latte };
  expect(inputOf({ action: "placeOrder", body: latte })).toEqual(wanted);
});

test("no action and no body are an empty action and an empty body", () => {
  expect(inputOf({})).toMatchObject({ action: "", body: {} });
});

test.each([
  ["admin", true],
  ["[admin]", true],
  ["[guests admin]", true],
  ["guests,admin", true],
  ["administrators", false],
  ["[not-admin]", false],
  ["", false],
])("groups %j: staff is %j", (groups, isAdmin) => {
  expect(inputOf({ claims: { sub: "ada", "cognito:groups": groups } })).toMatchObject({ isAdmin });
});

test("nothing a caller writes becomes structure", () => {
  const wild = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom('","isAdmin":true,"x":"', "'", "\\", "$context.authorizer", "#set($isAdmin = true)", "\u2028"),
  );
  const call = fc.record({ action: wild, id: wild, body: fc.dictionary(wild, fc.jsonValue() as fc.Arbitrary<JsonValue>) });
  fc.assert(
    fc.property(call, ({ action, id, body }) => {
      const sent = JSON.parse(JSON.stringify(body)) as JsonValue;
      const wanted = { action, orderId: id, userId: "ada", isAdmin: false, nowMs: 1_700_000_000_000, body: sent };
      // Compared as text, because `toEqual` treats members named `__proto__` specially.
      expect(JSON.stringify(inputOf({ action, id, body: sent }))).toBe(JSON.stringify(wanted));
    }),
  );
});

interface Override {
  status?: number;
  header: Record<string, string>;
}

/** Returns the response for a response of Step Functions. */
function answerOf(result: { readonly status: string; readonly output?: string }): { readonly override: Override; readonly body: unknown } {
  const override: Override = { header: {} };
  const text = renderVelocity(responseTemplate, {
    context: { responseOverride: override },
    input: { path: (path: string) => (path === "$.status" ? result.status : result.output) },
    util: { parseJson: (json: string) => JSON.parse(json) as unknown },
  });
  return { override, body: JSON.parse(text.trim()) };
}
const order = {
  orderId: "o1",
  orderNumber: null,
  note: 'said ",\\"statusCode\\":200',
  createdMs: 1_700_000_000_000,
  drinkOrder: { drink: "Latte", modifiers: [] },
};
const problem = { type: "urn:x", title: "No", status: 409, detail: "Somebody was faster." };

test.each([
  ["status first", { statusCode: 200, body: order }],
  ["status last", { body: order, statusCode: 200 }],
])("an order, %s", (_, verdict) => {
  expect(answerOf({ status: "SUCCEEDED", output: JSON.stringify(verdict) })).toEqual({
    override: { status: 200, header: {} },
    body: order,
  });
});

test.each([
  ["status first", { statusCode: 409, problem }],
  ["status last", { problem, statusCode: 409 }],
])("a problem, %s", (_, verdict) => {
  const { override, body } = answerOf({ status: "SUCCEEDED", output: JSON.stringify(verdict) });
  expect(body).toEqual(problem);
  expect(override).toEqual({ status: 409, header: { "Content-Type": "application/problem+json" } });
});

test.each([
  ["TIMED_OUT", 503],
  ["FAILED", 500],
])("%s is %d", (status, code) => {
  const { override, body } = answerOf({ status });
  expect(override).toEqual({ status: code, header: { "Content-Type": "application/problem+json" } });
  expect(body).toMatchObject({ status: code });
});

test("what the gateway refuses has the status its problem says", () => {
  for (const { status, type } of Object.values(gatewayRefusals))
    expect([status >= 400, type.startsWith("urn:serverlesspresso:problem:")]).toEqual([true, true]);
});
