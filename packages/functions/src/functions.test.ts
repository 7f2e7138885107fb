import { createIds, createManualClock } from "@serverlesspresso/clock";
import type { FunctionHandler, JsonValue } from "@serverlesspresso/ports";
import { beforeEach, describe, expect, test } from "vitest";
import { createFunctions, type Functions } from "./index.ts";

let clock: ReturnType<typeof createManualClock>;
let functions: Functions;
let lines: [group: string, line: string][];

beforeEach(() => {
  clock = createManualClock();
  lines = [];
  functions = createFunctions({ clock, ids: createIds(clock), log: (group, line) => void lines.push([group, line]) });
});

const never: FunctionHandler = () => new Promise(() => {});

describe("invoke", () => {
  test("answers the handler's JSON, to a name or an ARN, on a copy of the event", async () => {
    const event = { n: 1 };
    functions.register("F", async (got) => {
      expect(got).not.toBe(event);
      return { got };
    });
    expect(await functions.invoke("F", event)).toEqual({ payload: { got: { n: 1 } } });
    expect(await functions.invoke("arn:aws:lambda:us-east-1:123456789012:function:F:$LATEST", event)).toEqual({
      payload: { got: { n: 1 } },
    });
    functions.register("Nothing", async () => undefined);
    expect(await functions.invoke("Nothing", null)).toEqual({ payload: null });
  });

  test.each([
    {
      name: "a rejection",
      handler: async () => Promise.reject(Object.assign(new Error("no"), { name: "OrderError" })),
      errorType: "OrderError",
      errorMessage: "no",
    },
    {
      name: "a throw at once",
      handler: (): never => {
        throw new TypeError("no");
      },
      errorType: "TypeError",
      errorMessage: "no",
    },
    { name: "something that is no error", handler: async () => Promise.reject("text"), errorType: "Error", errorMessage: "text" },
  ])("F1: reports $name as Lambda does, without its stack", async ({ handler, errorType, errorMessage }) => {
    functions.register("F", handler as FunctionHandler);
    expect(await functions.invoke("F", {})).toEqual({ functionError: "Unhandled", payload: { errorType, errorMessage } });
  });

  test("F1: ends a function that does not by its timeout", async () => {
    functions.register("F", never, { timeoutSeconds: 10 });
    const invocation = functions.invoke("F", {});
    await clock.advance(10_000);
    expect(await invocation).toMatchObject({
      functionError: "Unhandled",
      payload: {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringMatching(/^RequestId: .* Error: Task timed out after 10.00 seconds$/),
      },
    });
  });

  test("refuses what is not there, and what is too large", async () => {
    await expect(functions.invoke("X", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const large: JsonValue = "x".repeat(6_291_456);
    functions.register("Big", async () => large);
    await expect(functions.invoke("Big", large)).rejects.toMatchObject({ code: "RequestTooLargeException" });
    expect(await functions.invoke("Big", {})).toMatchObject({ payload: { errorType: "Function.ResponseSizeTooLarge" } });
  });

  test("F3: writes START, the function's lines, END and REPORT", async () => {
    functions.register("F", async (_event, context) => {
      context.log("hello");
      context.log({ n: 1 });
      return {};
    });
    await functions.invoke("F", {});
    expect(lines.map(([group]) => group)).toEqual(Array(5).fill("/aws/lambda/F"));
    expect(lines.map(([, line]) => line.replace(/[0-9a-f-]{36}/, "ID"))).toEqual([
      "START RequestId: ID Version: $LATEST",
      "hello",
      '{"n":1}',
      "END RequestId: ID",
      "REPORT RequestId: ID\tDuration: 0.00 ms\tBilled Duration: 0 ms",
    ]);
  });

  test("lists what is registered", () => {
    functions.register("B", never);
    functions.register("A", never, { timeoutSeconds: 7 });
    expect(functions.list()).toMatchObject([
      { FunctionName: "A", Timeout: 7 },
      { FunctionName: "B", Timeout: 3 },
    ]);
  });
});
