import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createQueueConsumer, createQueues, type QueueConsumer, type QueueConsumerOptions, type Queues } from "./index.ts";

const account = "123456789012";
const region = "us-east-1";
const arn = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;
const url = (name: string): string => `https://sqs.${region}.amazonaws.com/${account}/${name}`;

let folder: string;
let store: Store;
let clock: ManualClock;
let queues: Queues;
let errors: unknown[];
const onError = (error: unknown): void => void errors.push(error);

async function open(): Promise<void> {
  store = await openStore({ folder, onFailure: onError });
  queues = createQueues({ store, clock, ids: createIds(clock), account, region, onError });
  await queues.start();
}
async function reopen(): Promise<void> {
  queues.stop();
  await store.close();
  await open();
}
const run = (operation: string, request: JsonObject): Promise<JsonObject> => store.transact((tx) => queues.execute(tx, operation, request));
const send = (MessageBody: string, more: JsonObject = {}): Promise<JsonObject> =>
  run("SendMessage", { QueueUrl: url("q"), MessageBody, ...more });
async function receive(
  more: JsonObject = {},
  queue = "q",
): Promise<{ MessageId: string; Body: string; ReceiptHandle: string; Attributes: Record<string, string> }[]> {
  const request = { QueueUrl: url(queue), MaxNumberOfMessages: 10, AttributeNames: ["All"], MessageAttributeNames: ["All"], ...more };
  return ((await run("ReceiveMessage", request)).Messages ?? []) as never;
}
/** ReceiveMessage as over the wire, where it waits. */
const poll = (request: JsonObject): Promise<JsonObject> =>
  queues.wait("ReceiveMessage", request, { address: "127.0.0.1", origin: "http://127.0.0.1", signal: new AbortController().signal });
const bodies = async (more: JsonObject = {}, queue = "q"): Promise<string[]> => (await receive(more, queue)).map(({ Body }) => Body);

async function quiet(): Promise<void> {
  for (let n = 0; n < 8; n++) {
    await store.flush();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
async function pass(ms: number): Promise<void> {
  await clock.advance(ms);
  await quiet();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "queues-"));
  clock = createManualClock();
  errors = [];
  await open();
  await run("CreateQueue", { QueueName: "q" });
});
afterEach(async () => {
  queues.stop();
  await store.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

describe("messages", () => {
  test("are sent, received once, deleted", async () => {
    const sent = await send("héllo", { MessageAttributes: { kind: { DataType: "String", StringValue: "a" } } });
    expect(sent).toMatchObject({
      MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      MD5OfMessageBody: createHash("md5").update("héllo").digest("hex"),
    });
    const [message] = await receive();
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: "héllo",
      Attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(clock.nowMs()) },
      MessageAttributes: { kind: { StringValue: "a" } },
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
    });
    expect(await receive()).toEqual([]);
    await run("DeleteMessage", { QueueUrl: url("q"), ReceiptHandle: message?.ReceiptHandle ?? "" });
    await clock.advance(60_000);
    expect(await receive()).toEqual([]);
  });

  test("Q1: come back after the visibility timeout, and at once when it is set to 0", async () => {
    await send("a");
    await receive({ VisibilityTimeout: 10 });
    await clock.advance(9_999);
    expect(await bodies()).toEqual([]);
    await clock.advance(1);
    const [again] = await receive();
    expect(again?.Attributes.ApproximateReceiveCount).toBe("2");
    await run("ChangeMessageVisibility", { QueueUrl: url("q"), ReceiptHandle: again?.ReceiptHandle ?? "", VisibilityTimeout: 0 });
    expect(await bodies()).toEqual(["a"]);
  });

  test("Q3: a stale receipt handle deletes nothing", async () => {
    await send("a");
    const [first] = await receive({ VisibilityTimeout: 1 });
    await clock.advance(1_000);
    const [second] = await receive();
    const handle = { QueueUrl: url("q"), ReceiptHandle: first?.ReceiptHandle ?? "" };
    await run("DeleteMessage", handle);
    await expect(run("ChangeMessageVisibility", { ...handle, VisibilityTimeout: 5 })).rejects.toMatchObject({
      code: "InvalidParameterValueException",
    });
    await expect(run("DeleteMessage", { ...handle, ReceiptHandle: "x" })).rejects.toMatchObject({ code: "ReceiptHandleIsInvalid" });
    expect(await run("GetQueueAttributes", { QueueUrl: url("q"), AttributeNames: ["All"] })).toMatchObject({
      Attributes: { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "1", QueueArn: arn("q") },
    });
    await run("DeleteMessage", { QueueUrl: url("q"), ReceiptHandle: second?.ReceiptHandle ?? "" });
    await clock.advance(60_000);
    expect(await bodies()).toEqual([]);
  });

  test("wait for their delay, and are forgotten after retention", async () => {
    await send("late", { DelaySeconds: 5 });
    expect(await bodies()).toEqual([]);
    await clock.advance(5_000);
    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(["late"]);
    await clock.advance(345_600_000);
    expect(await bodies()).toEqual([]);
  });

  test("Q2: go to the dead-letter queue after maxReceiveCount, and back by a move task", async () => {
    await run("CreateQueue", { QueueName: "dlq" });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn("dlq"), maxReceiveCount: 2 });
    await run("SetQueueAttributes", { QueueUrl: url("q"), Attributes: { RedrivePolicy } });
    await send("bad");
    for (const expected of [["bad"], ["bad"], []]) expect(await bodies({ VisibilityTimeout: 0 })).toEqual(expected);
    const [dead] = await receive({ VisibilityTimeout: 0 }, "dlq");
    expect(dead).toMatchObject({ Body: "bad", Attributes: { DeadLetterQueueSourceArn: arn("q") } });
    expect(await run("ListDeadLetterSourceQueues", { QueueUrl: url("dlq") })).toEqual({ queueUrls: [url("q")] });
    await receive({ VisibilityTimeout: 10 }, "dlq");
    await clock.advance(10_000);
    await run("StartMessageMoveTask", { SourceArn: arn("dlq") });
    await pass(0);
    expect(await run("ListMessageMoveTasks", { SourceArn: arn("dlq") })).toMatchObject({
      Results: [{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }],
    });
    const [back] = await receive();
    expect(back).toMatchObject({ Body: "bad", Attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(clock.nowMs()) } });
    // AWS takes what comes back as a new message.
    expect([back?.MessageId === dead?.MessageId, back?.Attributes.DeadLetterQueueSourceArn]).toEqual([false, undefined]);
    expect(await bodies({}, "dlq")).toEqual([]);
  });

  test("a move task whose source is deleted ends, and is not its successor's", async () => {
    const dlq = { QueueName: "dlq" };
    await run("CreateQueue", dlq);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn("dlq"), maxReceiveCount: 1 });
    await run("SetQueueAttributes", { QueueUrl: url("q"), Attributes: { RedrivePolicy } });
    await run("StartMessageMoveTask", { SourceArn: arn("dlq") });
    await run("DeleteQueue", { QueueUrl: url("dlq") });
    await pass(0);
    await run("CreateQueue", dlq);
    expect(await run("ListMessageMoveTasks", { SourceArn: arn("dlq") })).toEqual({ Results: [] });
  });

  test("move tasks of a queue that is not there are none to list", async () => {
    await expect(run("ListMessageMoveTasks", { SourceArn: arn("never") })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  });

  test("any number past retention does not hide the one that is good", async () => {
    for (let n = 0; n < 120; n++) void send("old");
    await clock.advance(345_600_001);
    await send("new");
    expect(await bodies({ MaxNumberOfMessages: 1 })).toEqual(["new"]);
  });

  test("in flight when the process ended are there for the next at once", async () => {
    await send("a");
    await receive();
    await reopen();
    expect(await bodies()).toEqual(["a"]);
  });

  test("batches fail entry by entry, and whole where ids repeat", async () => {
    await run("SetQueueAttributes", { QueueUrl: url("q"), Attributes: { MaximumMessageSize: "1024" } });
    const Entries = [
      { Id: "1", MessageBody: "a" },
      { Id: "2", MessageBody: "x".repeat(2_000) },
    ];
    expect(await run("SendMessageBatch", { QueueUrl: url("q"), Entries })).toMatchObject({
      Successful: [{ Id: "1" }],
      Failed: [{ Id: "2", Code: "InvalidParameterValue", SenderFault: true }],
    });
    const twice = [Entries[0], Entries[0]] as JsonObject[];
    await expect(run("SendMessageBatch", { QueueUrl: url("q"), Entries: twice })).rejects.toMatchObject({
      code: "BatchEntryIdsNotDistinct",
    });
    await expect(run("SendMessageBatch", { QueueUrl: url("q"), Entries: [] })).rejects.toMatchObject({ code: "EmptyBatchRequest" });
    const [message] = await receive();
    const answer = await run("DeleteMessageBatch", {
      QueueUrl: url("q"),
      Entries: [{ Id: "d", ReceiptHandle: message?.ReceiptHandle ?? "" }],
    });
    expect(answer).toEqual({ Successful: [{ Id: "d" }] });
  });
});

describe("queues", () => {
  test("are made, found, listed, purged and deleted", async () => {
    expect(await run("CreateQueue", { QueueName: "q" })).toEqual({ QueueUrl: url("q") });
    await expect(run("CreateQueue", { QueueName: "q", Attributes: { DelaySeconds: "1" } })).rejects.toMatchObject({
      code: "QueueNameExists",
    });
    await expect(run("CreateQueue", { QueueName: "x", Attributes: { Nope: "1" } })).rejects.toMatchObject({ code: "InvalidAttributeName" });
    await expect(run("CreateQueue", { QueueName: "x", Attributes: { DelaySeconds: "901" } })).rejects.toMatchObject({
      code: "InvalidAttributeValue",
    });
    expect(queues.query(store, "GetQueueUrl", { QueueName: "q" })).toEqual({ QueueUrl: url("q") });
    expect(queues.query(store, "ListQueues", { QueueNamePrefix: "q" })).toEqual({ QueueUrls: [url("q")] });
    await send("a");
    await run("PurgeQueue", { QueueUrl: url("q") });
    expect(await bodies()).toEqual([]);
    await run("DeleteQueue", { QueueUrl: url("q") });
    await expect(send("a")).rejects.toMatchObject({ name: "QueueDoesNotExist", message: "The specified queue does not exist." });
    await expect(run("Nope", {})).rejects.toMatchObject({ code: "UnknownOperationException" });
    await expect(run("SendMessage", { QueueUrl: url("q") })).rejects.toMatchObject({ code: "MissingRequiredParameterException" });
  });

  test("a busy group hides no other, however long its line", async () => {
    await run("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true", ContentBasedDeduplication: "true" } });
    const put = (MessageBody: string, MessageGroupId: string) =>
      run("SendMessage", { QueueUrl: url("f.fifo"), MessageBody, MessageGroupId });
    for (let n = 0; n < 120; n++) void put(`a${n}`, "a");
    await put("b", "b");
    expect(await bodies({ MaxNumberOfMessages: 1 }, "f.fifo")).toEqual(["a0"]);
    expect(await bodies({}, "f.fifo")).toEqual(["b"]);
  });

  test("FIFO: order within a group, one group in flight at a time, no duplicates", async () => {
    await run("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true", ContentBasedDeduplication: "true" } });
    const put = (MessageBody: string, MessageGroupId: string) =>
      run("SendMessage", { QueueUrl: url("f.fifo"), MessageBody, MessageGroupId });
    const first = await put("a1", "a");
    expect((await put("a1", "a")).MessageId).toBe(first.MessageId);
    await put("a2", "a");
    await put("b1", "b");
    const [a1] = await receive({ MaxNumberOfMessages: 1 }, "f.fifo");
    expect([a1?.Body, ...(await bodies({}, "f.fifo"))]).toEqual(["a1", "b1"]);
    await run("DeleteMessage", { QueueUrl: url("f.fifo"), ReceiptHandle: a1?.ReceiptHandle ?? "" });
    expect(await bodies({}, "f.fifo")).toEqual(["a2"]);
    await clock.advance(300_001);
    const third = await put("a1", "a");
    expect(third.MessageId).not.toBe(first.MessageId);
    // Sweeping what the first was remembered by leaves the third's.
    await put("x", "a");
    expect((await put("a1", "a")).MessageId).toBe(third.MessageId);
    await run("DeleteQueue", { QueueUrl: url("f.fifo") });
    await run("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true", ContentBasedDeduplication: "true" } });
    expect((await put("a1", "a")).MessageId).not.toBe(third.MessageId);
  });

  test("the order of standard messages is that of their sending", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ minLength: 1 }), { maxLength: 10 }), async (texts) => {
        for (const text of texts) void send(text);
        await store.flush();
        expect(await bodies()).toEqual(texts);
        await clock.advance(60_000);
        await run("PurgeQueue", { QueueUrl: url("q") });
      }),
      { numRuns: 20 },
    );
  });
});

describe("long polling", () => {
  test("answers as soon as something comes, and empty at the end of the wait", async () => {
    const first = poll({ QueueUrl: url("q"), WaitTimeSeconds: 20 });
    await quiet();
    await send("a");
    expect(await first).toMatchObject({ Messages: [{ Body: "a" }] });
    let answer: JsonObject | undefined;
    void poll({ QueueUrl: url("q"), WaitTimeSeconds: 20 }).then((one) => (answer = one));
    await pass(19_999);
    expect(answer).toBeUndefined();
    await pass(1);
    expect(answer).toEqual({});
  });

  test("W2, W3: messages of one commit go to those who wait, the first in line first, and past one who has gone", async () => {
    const gone = new AbortController();
    const got: string[] = [];
    const stand = (name: string, signal = new AbortController().signal): void =>
      void queues
        .wait("ReceiveMessage", { QueueUrl: url("q"), WaitTimeSeconds: 20 }, { address: "", origin: "", signal })
        .then(({ Messages = [] }) => got.push(`${name}: ${(Messages as { Body: string }[]).map(({ Body }) => Body)}`));
    for (const name of ["first", "second", "third"]) stand(name, name === "first" ? gone.signal : undefined);
    await quiet();
    gone.abort();
    await store.transact((tx) => {
      for (const body of ["a", "b"]) queues.sendMessage(tx, "q", { body });
    });
    await quiet();
    expect(got).toEqual(["first: ", "second: a", "third: b"]);
  });

  test("wakes for what becomes visible: delayed, or back from flight", async () => {
    await send("slow", { DelaySeconds: 3 });
    let got: JsonObject | undefined;
    void poll({ QueueUrl: url("q"), WaitTimeSeconds: 20, VisibilityTimeout: 5 }).then((one) => (got = one));
    await pass(3_000);
    expect(got).toMatchObject({ Messages: [{ Body: "slow" }] });
    got = undefined;
    void poll({ QueueUrl: url("q"), WaitTimeSeconds: 20 }).then((one) => (got = one));
    await pass(4_999);
    expect(got).toBeUndefined();
    await pass(1);
    expect(got).toMatchObject({ Messages: [{ Body: "slow" }] });
  });
});

describe("consumer", () => {
  let batches: string[][];
  let consumer: QueueConsumer;
  let answer: (bodies: string[]) => Promise<{ batchItemFailures: { itemIdentifier: string }[] } | undefined>;

  function consume(more: Partial<QueueConsumerOptions> = {}): void {
    consumer = createQueueConsumer({
      store,
      queues,
      clock,
      queueArn: arn("q"),
      onError,
      handle(records) {
        batches.push(records.map(({ body }) => body));
        return answer(records.map(({ messageId }) => messageId));
      },
      ...more,
    });
    consumer.start();
  }
  /** Waiting, in flight and delayed. */
  const remaining = (): number => {
    const { Attributes } = queues.query(store, "GetQueueAttributes", { QueueUrl: url("q"), AttributeNames: ["All"] });
    return Object.entries(Attributes as JsonObject).reduce(
      (sum, [name, count]) => sum + (name.startsWith("ApproximateNumberOfMessages") ? Number(count) : 0),
      0,
    );
  };

  beforeEach(() => {
    batches = [];
    answer = async () => undefined;
  });
  afterEach(() => consumer.stop());

  test("O1: a full batch goes out at once, the rest when the window is over", async () => {
    consume();
    for (let n = 0; n < 12; n++) await send(String(n));
    await quiet();
    expect(batches.map((batch) => batch.length)).toEqual([10]);
    await pass(30_000);
    expect(batches.map((batch) => batch.length)).toEqual([10, 2]);
    expect(remaining()).toBe(0);
  });

  test("O1: the window goes on over a restart", async () => {
    await send("a");
    await clock.advance(20_000);
    await reopen();
    consume();
    await pass(9_000);
    expect(batches).toEqual([]);
    await pass(1_000);
    expect(batches).toEqual([["a"]]);
  });

  test("O2: what the handler names comes back, the rest is deleted", async () => {
    answer = async (ids) => ({ batchItemFailures: batches.length === 1 ? [{ itemIdentifier: ids[1] as string }] : [] });
    consume({ windowSeconds: 0, batchSize: 2 });
    await store.transact((tx) => {
      queues.sendMessage(tx, "q", { body: "a" });
      queues.sendMessage(tx, "q", { body: "b" });
    });
    await quiet();
    expect([batches, remaining()]).toEqual([[["a", "b"]], 1]);
    await pass(30_000);
    await pass(0);
    expect([batches, remaining()]).toEqual([[["a", "b"], ["b"]], 0]);
  });

  test("O2: everything comes back where the handler throws", async () => {
    answer = () => (batches.length === 1 ? Promise.reject(new Error("boom")) : Promise.resolve(undefined));
    consume({ windowSeconds: 0 });
    await send("a");
    await quiet();
    expect(remaining()).toBe(1);
    await pass(30_000);
    await pass(0);
    expect([batches, remaining()]).toEqual([[["a"], ["a"]], 0]);
    expect(errors.splice(0)).toMatchObject([{ message: "boom" }]);
  });

  test("a record is as Lambda hands it over", async () => {
    const seen: unknown[] = [];
    consume({ windowSeconds: 0, handle: async (records) => void seen.push(...records) as undefined });
    const StringValue = "Root=1-2-3";
    await send("a", {
      MessageAttributes: { kind: { DataType: "String", StringValue: "x" } },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue } },
    });
    await quiet();
    expect(seen).toMatchObject([
      {
        attributes: { AWSTraceHeader: StringValue, SenderId: account, ApproximateReceiveCount: "1" },
        messageAttributes: { kind: { dataType: "String", stringValue: "x", stringListValues: [], binaryListValues: [] } },
        md5OfBody: createHash("md5").update("a").digest("hex"),
        awsRegion: region,
      },
    ]);
  });

  test("O3: one batch at a time, and what comes meanwhile is not forgotten", async () => {
    let release = (): void => {};
    answer = () => new Promise((resolve) => (release = () => resolve(undefined)));
    consume({ windowSeconds: 0, batchSize: 1 });
    await send("a");
    await send("b");
    await quiet();
    expect(batches).toEqual([["a"]]);
    release();
    await quiet();
    expect(batches).toEqual([["a"], ["b"]]);
    release();
    await quiet();
    expect(remaining()).toBe(0);
  });
});
