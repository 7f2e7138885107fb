import fc from "fast-check";
import { expect, test } from "vitest";
import { type Received, readEnvelope } from "../edges/envelope.ts";
import { isTopicLevel, liveMessage, withoutTokens } from "./live-message.ts";

test("the message of an event", () => {
  const envelope = {
    version: "0",
    id: "e1",
    "detail-type": "OrderProcessor.WorkflowStarted",
    source: "s",
    account: "a",
    time: "2026-01-01T00:00:00Z",
    region: "r",
    resources: [],
    detail: { orderId: "1", TaskToken: "secret", inner: [{ taskToken: "secret", kept: 1 }] },
  };
  expect(liveMessage(readEnvelope(envelope) as Received)).toEqual({
    id: "e1",
    time: "2026-01-01T00:00:00Z",
    type: "OrderProcessor.WorkflowStarted",
    detail: { orderId: "1", inner: [{ kept: 1 }] },
  });
});

test("a token goes from wherever it stands, the rest stays", () => {
  const secret = "planted-token";
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.array(tie("node")),
      fc.dictionary(fc.string(), tie("node")),
      tie("holder"),
    ),
    holder: fc.record({ TaskToken: fc.constant(secret), other: tie("node") }),
  }));
  fc.assert(fc.property(tree.node, (value) => !JSON.stringify(withoutTokens(value as never)).includes(secret)));
});

test.each(["", "a/b", "#", "+", "a+", "a b", "x".repeat(129)])("%j names no topic", (userId) => expect(isTopicLevel(userId)).toBe(false));
test.each(["ada", "8f7c-11", "ada@example.org"])("%s names one", (userId) => expect(isTopicLevel(userId)).toBe(true));
