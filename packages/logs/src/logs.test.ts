import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLogs, type Logs, type LogsOptions, redact } from "./index.ts";

const group = "/aws/lambda/F";
let folder: string;
let store: Store;
let clock: ManualClock;
let logs: Logs;
let errors: unknown[];

function create(more: Partial<LogsOptions> = {}): Logs {
  const onError = (error: unknown): void => void errors.push(error);
  return createLogs({ store, clock, ids: createIds(clock), account: "123456789012", region: "us-east-1", onError, ...more });
}
const run = (operation: string, request: JsonObject): Promise<JsonObject> => store.transact((tx) => logs.execute(tx, operation, request));
const messages = (answer: JsonObject): string[] => (answer.events as { message: string }[]).map(({ message }) => message);
const filter = (more: JsonObject = {}): string[] => messages(logs.query(store, "FilterLogEvents", { logGroupName: group, ...more }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "logs-"));
  clock = createManualClock();
  errors = [];
  store = await openStore({ folder, onFailure: (error) => void errors.push(error) });
  logs = create();
});
afterEach(async () => {
  await logs.stop();
  await store.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

describe("writing", () => {
  test("H2: appended lines are durable soon, together, in their order", async () => {
    for (let n = 0; n < 5; n++) logs.append(group, `line ${n}`);
    await clock.advance(100);
    await store.flush();
    expect(filter()).toEqual(["line 0", "line 1", "line 2", "line 3", "line 4"]);
    logs.append(group, "last");
    await logs.stop();
    expect(filter()).toContain("last");
  });

  test("H2: put events commit with their transaction or not at all", async () => {
    await store.transact((tx) => logs.putLogEvents(tx, group, "s", [{ timestampMs: 5, message: "a" }]));
    const failed = store.transact((tx) => {
      logs.putLogEvents(tx, group, "s", [{ timestampMs: 6, message: "b" }]);
      throw new Error("undone");
    });
    await expect(failed).rejects.toThrow("undone");
    expect(filter()).toEqual(["a"]);
  });

  test("H3: what is past retention or over the cap is swept", async () => {
    await logs.stop();
    logs = create({ retentionDays: 1, mostBytesPerGroup: 400 });
    logs.append(group, "old");
    await logs.flush();
    await clock.advance(86_400_001);
    for (let n = 0; n < 20; n++) {
      logs.append(group, `line ${n} ${"x".repeat(20)}`);
      await logs.flush();
      await clock.advance(1);
    }
    logs.start();
    for (let n = 0; n < 5; n++) {
      await clock.advance(1_000);
      await store.flush();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(filter()).not.toContain("old");
    expect(filter().length).toBeLessThan(10);
    expect(filter().at(-1)).toContain("line 19");
  });
});

describe("redact", () => {
  const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop";
  const token = `AQ${"aB3".repeat(40)}`;
  test.each([
    { name: "a task token in JSON", line: `{"detail":{"TaskToken":"short","a":1}}`, kept: `{"detail":{"TaskToken":"[redacted]","a":1}}` },
    {
      name: "one in JSON within JSON",
      line: JSON.stringify({ body: JSON.stringify({ TaskToken: "short" }) }),
      kept: `{"body":"{\\"TaskToken\\":\\"[redacted]\\"}"}`,
    },
    { name: "a bare long token", line: `waits on ${token} now`, kept: "waits on [redacted] now" },
    { name: "a JSON Web Token", line: `got ${jwt}!`, kept: "got [redacted]!" },
    { name: "one that a word is tied to", line: `session-${jwt}!`, kept: "session-[redacted]!" },
    { name: "a header", line: `Authorization: Bearer ${jwt}`, kept: "Authorization: Bearer [redacted]" },
    { name: "a password", line: `{"password": "hunter2"}`, kept: `{"password": "[redacted]"}` },
    { name: "a code in a query", line: "POST /qr-code?token=abc123&x=1", kept: "POST /qr-code?token=[redacted]&x=1" },
    {
      name: "nothing in an ordinary line",
      line: `order 01J8ZQ4 is "MAKING" {"orderId":"1","userId":"u"}`,
      kept: `order 01J8ZQ4 is "MAKING" {"orderId":"1","userId":"u"}`,
    },
    {
      name: "nothing in a hash",
      line: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      kept: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
  ])("D1, D2: takes out $name", ({ line, kept }) => expect(redact(line)).toBe(kept));

  test("H1: nothing unredacted is stored", async () => {
    logs.append(group, `{"TaskToken":"${token}"}`);
    await logs.flush();
    await store.transact((tx) => logs.putLogEvents(tx, group, "s", [{ timestampMs: clock.nowMs(), message: jwt }]));
    expect(filter().join()).not.toMatch(/eyJ|aB3/);
  });
});

describe("reading", () => {
  beforeEach(async () => {
    await run("CreateLogGroup", { logGroupName: group });
    for (const logStreamName of ["a", "b"]) await run("CreateLogStream", { logGroupName: group, logStreamName });
    const put = (logStreamName: string, ...lines: [number, string][]) =>
      run("PutLogEvents", { logGroupName: group, logStreamName, logEvents: lines.map(([timestamp, message]) => ({ timestamp, message })) });
    await put("a", [1_000, "ERROR one"], [200_000, "fine two"]);
    await put("b", [2_000, '{"level":"error","n":7}'], [100_000, "ERROR fine four"]);
  });

  test("in order of time, over streams, within bounds of time", () => {
    expect(filter()).toEqual(["ERROR one", '{"level":"error","n":7}', "ERROR fine four", "fine two"]);
    expect(filter({ startTime: 2_000, endTime: 100_000 })).toEqual(['{"level":"error","n":7}', "ERROR fine four"]);
    expect(filter({ logStreamNames: ["a"] })).toEqual(["ERROR one", "fine two"]);
  });

  test.each([
    { filterPattern: "ERROR", found: ["ERROR one", "ERROR fine four"] },
    { filterPattern: "ERROR fine", found: ["ERROR fine four"] },
    { filterPattern: "ERROR -fine", found: ["ERROR one"] },
    { filterPattern: "?one ?two", found: ["ERROR one", "fine two"] },
    { filterPattern: '"fine two"', found: ["fine two"] },
    { filterPattern: '{ $.level = "err*" && $.n > 6 }', found: ['{"level":"error","n":7}'] },
    { filterPattern: "{ $.n = 8 || $.n <= 7 }", found: ['{"level":"error","n":7}'] },
    { filterPattern: '{ $.level != "error" }', found: [] },
  ])("finds $filterPattern", ({ filterPattern, found }) => expect(filter({ filterPattern })).toEqual(found));

  test("in pages", () => {
    const first = logs.query(store, "FilterLogEvents", { logGroupName: group, limit: 3 });
    expect(messages(first)).toHaveLength(3);
    const second = logs.query(store, "FilterLogEvents", { logGroupName: group, limit: 3, nextToken: first.nextToken as string });
    expect(messages(second)).toEqual(["fine two"]);
    const get = (more: JsonObject): JsonObject =>
      logs.query(store, "GetLogEvents", { logGroupName: group, logStreamName: "b", limit: 1, ...more });
    const newest = get({});
    expect(messages(newest)).toEqual(["ERROR fine four"]);
    expect(messages(get({ nextToken: newest.nextBackwardToken as string }))).toEqual(['{"level":"error","n":7}']);
    const end = get({ nextToken: newest.nextForwardToken as string });
    expect([messages(end), end.nextForwardToken]).toEqual([[], newest.nextForwardToken]);
    expect(messages(get({ startFromHead: true }))).toEqual(['{"level":"error","n":7}']);
  });

  test("groups and streams are described, and go", async () => {
    expect(logs.query(store, "DescribeLogGroups", { logGroupNamePrefix: "/aws" })).toMatchObject({
      logGroups: [{ logGroupName: group, arn: `arn:aws:logs:us-east-1:123456789012:log-group:${group}:*` }],
    });
    expect(logs.query(store, "DescribeLogStreams", { logGroupName: group, orderBy: "LastEventTime", descending: true })).toMatchObject({
      logStreams: [{ logStreamName: "a", lastEventTimestamp: 200_000 }, { logStreamName: "b" }],
    });
    await run("PutRetentionPolicy", { logGroupName: group, retentionInDays: 7 });
    expect(logs.query(store, "DescribeLogGroups", {})).toMatchObject({ logGroups: [{ retentionInDays: 7 }] });
    await run("DeleteLogStream", { logGroupName: group, logStreamName: "a" });
    expect(filter()).toHaveLength(2);
    await run("DeleteLogGroup", { logGroupName: group });
    await expect(run("FilterLogEvents", { logGroupName: group })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
    await expect(run("CreateLogGroup", { logGroupName: "a b" })).rejects.toMatchObject({ code: "InvalidParameterException" });
  });
});
