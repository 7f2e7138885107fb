/**
 * RELIABILITY 40 at the boundary of the process: a recorded call, sent again byte for byte to the bar that started after a `kill -9`.
 * The bar keeps its port, which every signature names.
 */
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort, type Server, startServer, temporaryFolder } from "../support/server.ts";
import { type RawCall, sign } from "./sign.ts";
import { type AwsBar, readCredentials } from "./support.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const folder = temporaryFolder();
const port = await freePort();
const start = (): Promise<Server> => startServer({ dataFolder: folder.path, port });
let server: Server;
let bar: Pick<AwsBar, "url" | "credentials">;
beforeAll(async () => {
  server = await start();
  bar = { url: server.url, credentials: readCredentials(join(folder.path, "aws-credentials")) };
});
afterAll(async () => {
  await server?.kill();
  folder.remove();
});

async function killAndStart(): Promise<void> {
  await server.kill();
  server = await start();
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What a call is on the wire, signed once. */
function record(call: RawCall): string {
  const { body = "" } = call;
  const headers = { host: new URL(bar.url).host, ...sign(bar, call), "content-length": `${Buffer.byteLength(body)}`, connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return ["POST / HTTP/1.1", ...lines, "", String(body)].join("\r\n");
}

/** Sends the bytes. Resolves with the answer, or with undefined where the bar was gone before all of it was here. */
function send(bytes: string, written = (): void => {}): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, written));
    socket.setEncoding("utf8");
    socket.on("data", (part) => (text += part));
    // What follows is "close".
    socket.on("error", () => {});
    socket.on("close", () => resolve(readAnswer(text)));
  });
}

function readAnswer(text: string): Answer | undefined {
  const [head = "", body] = text.split("\r\n\r\n");
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1];
  return status === undefined || body === undefined ? undefined : { status: Number(status), text: body };
}

const json = (service: string, target: string, members: object): RawCall => ({
  service,
  headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target },
  body: JSON.stringify(members),
});

/** As the SDKs sign: each call has a name of its own. */
const named = (call: RawCall, name: string): RawCall => ({ ...call, headers: { ...call.headers, "amz-sdk-invocation-id": name } });

async function ask<T>(service: string, target: string, members: object): Promise<T> {
  const answer = await send(record(named(json(service, target, members), crypto.randomUUID())));
  expect(answer).toMatchObject({ status: 200 });
  return JSON.parse(/\{.*\}/s.exec(answer?.text ?? "")?.[0] ?? "") as T;
}

async function makeQueue(QueueName: string): Promise<string> {
  return (await ask<{ QueueUrl: string }>("sqs", "AmazonSQS.CreateQueue", { QueueName })).QueueUrl;
}

const message = (QueueUrl: string, MessageBody: string): RawCall => json("sqs", "AmazonSQS.SendMessage", { QueueUrl, MessageBody });

/** The bodies in a queue, in order of the alphabet. One receive gives them all: they stay hidden afterwards. */
async function messagesIn(QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await ask<{ Messages?: { Body: string }[] }>("sqs", "AmazonSQS.ReceiveMessage", {
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 3_600,
    });
    if (Messages.length === 0) return bodies.sort();
    bodies.push(...Messages.map(({ Body }) => Body));
  }
}

const replayed = { status: 403, text: expect.stringContaining("InvalidSignatureException") };

test("RELIABILITY 40: a signed call whose answer came just before a kill -9 is refused after it, and has happened once", async () => {
  const queue = await makeQueue("answered");
  const plain = record(message(queue, "plain"));
  expect(await send(plain)).toMatchObject({ status: 200 });
  await killAndStart();
  expect(await send(plain)).toMatchObject(replayed);
  const withName = record(named(message(queue, "named"), "7c3b"));
  expect(await send(withName)).toMatchObject({ status: 200 });
  await killAndStart();
  expect(await send(withName)).toMatchObject(replayed);
  expect(await send(plain)).toMatchObject(replayed);
  expect(await messagesIn(queue)).toEqual(["named", "plain"]);
});

test("RELIABILITY 40: a signed call that was answered with an error just before a kill -9 is refused after it, though it would succeed now", async () => {
  const later = (await makeQueue("now")).replace(/now$/, "later");
  const receive = json("sqs", "AmazonSQS.ReceiveMessage", { QueueUrl: later });
  const early = [record(message(later, "early")), record(named(receive, "1")), record(named(receive, "2"))];
  const absent = { status: 400, text: expect.stringContaining("QueueDoesNotExist") };
  for (const bytes of early) {
    expect(await send(bytes)).toMatchObject(absent);
    await killAndStart();
  }
  await makeQueue("later");
  for (const bytes of early) expect(await send(bytes)).toMatchObject(replayed);
  expect(await messagesIn(later)).toEqual([]);
});

test("RELIABILITY 40: a signed call that took an activity's task is refused after a kill -9, and takes no other", async () => {
  const states = <T>(operation: string, members: object): Promise<T> => ask<T>("states", `AWSStepFunctions.${operation}`, members);
  const { activityArn } = await states<{ activityArn: string }>("CreateActivity", { name: "grind" });
  const definition = JSON.stringify({ StartAt: "Grind", States: { Grind: { Type: "Task", Resource: activityArn, End: true } } });
  const machine = { name: "grinding", roleArn: "arn:aws:iam::123456789012:role/any", definition };
  const { stateMachineArn } = await states<{ stateMachineArn: string }>("CreateStateMachine", machine);
  for (const beans of ["one", "two"]) await states("StartExecution", { stateMachineArn, input: JSON.stringify({ beans }) });
  const take = json("states", "AWSStepFunctions.GetActivityTask", { activityArn });
  const recorded = record(named(take, "4f"));
  expect(await send(recorded)).toMatchObject({ status: 200, text: expect.stringContaining("one") });
  await killAndStart();
  expect(await send(recorded)).toMatchObject(replayed);
  expect(await send(record(named(take, "50")))).toMatchObject({ status: 200, text: expect.stringContaining("two") });
});

/** Whether the bar dies once this many are answered; with none, once all are on their way. */
test.each([0, 1, 10, 25])(
  "RELIABILITY 40: of 40 signed calls in flight at a kill -9 after %i answers, the answered are refused after it and none happens twice",
  async (answersUntilKill) => {
    const queue = await makeQueue(`in-flight-${answersUntilKill}`);
    const calls = Array.from({ length: 40 }, (_, index) => {
      const body = `call ${String(index).padStart(2, "0")}`;
      return { body, bytes: record(index % 2 === 0 ? message(queue, body) : named(message(queue, body), body)) };
    });
    let [written, answered] = [0, 0];
    const enough = Promise.withResolvers<void>();
    const check = (): void => {
      if (answersUntilKill === 0 ? written === calls.length : answered >= answersUntilKill) enough.resolve();
    };
    const under = calls.map(async ({ bytes }) => {
      const answer = await send(bytes, () => {
        written++;
        check();
      });
      if (answer !== undefined) answered++;
      check();
      return answer?.status;
    });
    await enough.promise;
    await server.kill();
    const first = await Promise.all(under);
    server = await start();

    const second: (number | undefined)[] = [];
    for (const { bytes } of calls) second.push((await send(bytes))?.status);
    const happened = await messagesIn(queue);
    const rounds = calls.map(({ body }, index) => ({
      first: first[index],
      second: second[index],
      times: happened.filter((other) => other === body).length,
    }));
    const isRight = ({ first, second, times }: (typeof rounds)[number]): boolean =>
      first === 200 ? second === 403 && times === 1 : second === 200 ? times === 1 : second === 403 && times <= 1;
    expect(rounds.filter((round) => !isRight(round))).toEqual([]);
    expect(first.filter((status) => status === 200).length).toBeGreaterThanOrEqual(answersUntilKill);
  },
);
