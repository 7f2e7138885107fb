/** What a handler and the Runtime API see is the same in Lambda's own runtime client and in ours, which stands in where that cannot be built. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/server.ts";
import { startRuntime } from "./support/runtime-api.ts";
import { chooseRuntimeClient, ownRuntimeClient } from "./support/runtime-client.ts";

const chosen = chooseRuntimeClient();
const clients = chosen.because === undefined ? [chosen, ownRuntimeClient] : [ownRuntimeClient];
const folder = temporaryFolder();
afterAll(() => folder.remove());

const bundle = join(folder.path, "index.mjs");
writeFileSync(
  bundle,
  `if (process.env.BROKEN) throw new RangeError("a broken start");
   const handlers = {
     echo: ({ value }) => value,
     context: (_, context) => ({ ...context, leftMs: context.getRemainingTimeInMillis() }),
     variables: () => process.env,
     fail: () => { throw new TypeError("a broken call"); },
     end: () => process.exit(7),
   };
   export const handler = async (event, context) => handlers[event.call](event, context);`,
);

describe.each(clients)("$name", (client) => {
  const open = (environment: Readonly<Record<string, string>> = {}) =>
    startRuntime({ client, name: "Example", bundle, memoryMb: 256, timeoutSeconds: 3, environment });

  test("an event goes in and an answer comes out, one after another in one process", async () => {
    const runtime = await open();
    const values = ["für Zoë: ☕", { a: [1, null] }, "x".repeat(200_000), false, 0];
    for (const value of values) expect(await runtime.invoke({ call: "echo", value })).toEqual(value);
    expect(await runtime.invoke({ call: "echo" })).toBeUndefined();
    expect(await Promise.all(values.map((value) => runtime.invoke({ call: "echo", value })))).toEqual(values);
    await runtime.stop();
  });

  test("the context and the variables are Lambda's", async () => {
    const runtime = await open({ OWN: "yes" });
    const context = (await runtime.invoke({ call: "context" })) as { leftMs: number };
    expect(context).toMatchObject({
      awsRequestId: "Example-1",
      functionName: "Example",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:Example",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/Example",
    });
    expect(context.leftMs).toBeGreaterThan(1_000);
    expect(context.leftMs).toBeLessThanOrEqual(3_000);
    expect(await runtime.invoke({ call: "variables" })).toMatchObject({
      OWN: "yes",
      _HANDLER: "index.handler",
      LAMBDA_TASK_ROOT: folder.path,
    });
    await runtime.stop();
  });

  test("a failed call is told with its name, and the next is served", async () => {
    const runtime = await open();
    await expect(runtime.invoke({ call: "fail" })).rejects.toMatchObject({ name: "TypeError", message: "a broken call" });
    expect(await runtime.invoke({ call: "echo", value: 1 })).toBe(1);
    await runtime.stop();
  });

  test("a function that does not start, and one whose process ends, fail every call", async () => {
    const broken = await open({ BROKEN: "yes" });
    for (const _ of [1, 2]) await expect(broken.invoke({})).rejects.toMatchObject({ name: "RangeError", message: "a broken start" });
    const ended = await open();
    for (const call of ["end", "echo"]) await expect(ended.invoke({ call })).rejects.toThrow("Example: its process ended with 7");
    for (const one of [broken, ended]) await one.stop();
  });
});
