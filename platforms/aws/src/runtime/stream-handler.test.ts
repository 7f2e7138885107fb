import type { FunctionHandler, JsonObject } from "@serverlesspresso/ports";
import { beforeAll, expect, test } from "vitest";
import { logger } from "./log.ts";
import { streamHandler } from "./stream-handler.ts";

beforeAll(() => logger.setLogLevel("SILENT"));

type Arguments = Parameters<ReturnType<typeof streamHandler>>;
const eventOf = (...numbers: readonly string[]): Arguments[0] => ({
  Records: numbers.map((SequenceNumber) => ({
    eventID: SequenceNumber,
    eventName: "INSERT",
    eventSource: "aws:dynamodb",
    dynamodb: { SequenceNumber },
  })),
});
const context = { getRemainingTimeInMillis: () => 1_000 } as Arguments[1];

function recorded(fails: (id: string) => boolean): { seen: string[]; handle: FunctionHandler } {
  const seen: string[] = [];
  return {
    seen,
    async handle(event) {
      const [record] = (event as { Records: { eventID: string }[] }).Records;
      seen.push(record?.eventID ?? "");
      if (fails(record?.eventID ?? "")) throw new Error("no");
      return undefined;
    },
  };
}

test.each([
  { what: "all go well", fails: "", seen: ["1", "2", "3"], failures: [] },
  {
    what: "one in the middle fails: Lambda begins again there, and nothing after it is done out of order",
    fails: "2",
    seen: ["1", "2"],
    failures: ["2", "3"],
  },
  { what: "the first fails", fails: "1", seen: ["1"], failures: ["1", "2", "3"] },
])("$what", async ({ fails, seen, failures }) => {
  const { seen: handled, handle } = recorded((id) => id === fails);
  const answer = (await streamHandler(handle)(eventOf("1", "2", "3"), context)) as unknown as JsonObject;
  expect(handled).toEqual(seen);
  expect(answer).toEqual({ batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) });
});

test("a batch after one that failed starts afresh", async () => {
  let broken = true;
  const { handle } = recorded(() => broken);
  const handler = streamHandler(handle);
  await handler(eventOf("1"), context);
  broken = false;
  expect(await handler(eventOf("1"), context)).toEqual({ batchItemFailures: [] });
});
