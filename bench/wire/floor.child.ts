/**
 * `FOLDER`: the floor. A bare HTTP server of Node answers the same calls: it verifies nothing, keeps a queue of tokens in memory, and writes what
 * each changing call says to the store once before it answers. Prints its port.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@serverlesspresso/ports";
import { keyOf, openStore } from "@serverlesspresso/store";

const store = await openStore({ folder: process.argv[2] as string, onFailure: (error) => console.error(error) });
const messages: JsonObject[] = [];
const polls: ((isOver: boolean) => void)[] = [];
/** What stands before a token's order. */
const padding = "t".repeat(400);
let written = 0;

const operations: Readonly<Record<string, (request: JsonObject, text: string) => Promise<JsonObject>>> = {
  async StartExecution({ name }, text) {
    await write(text);
    carry(`${name}`, 2);
    return { executionArn: `arn:aws:states:us-east-1:123456789012:execution:wire:${name}`, startDate: 1_780_000_000 };
  },
  async SendTaskSuccess({ taskToken }, text) {
    await write(text);
    const [, orderId = "", left = "0"] = `${taskToken}`.split("|");
    carry(orderId, Number(left) - 1);
    return {};
  },
  async ReceiveMessage({ MaxNumberOfMessages, WaitTimeSeconds }) {
    if (messages.length === 0) await new Promise((resolve) => wait(Number(WaitTimeSeconds) * 1_000, resolve));
    return { Messages: messages.splice(0, Number(MaxNumberOfMessages)) };
  },
  async DeleteMessage(_request, text) {
    await write(text);
    return {};
  },
  CreateQueue: async () => ({ QueueUrl: "http://127.0.0.1/123456789012/wire" }),
};

function write(text: string): Promise<void> {
  const key = keyOf("floor", ++written);
  return store.transact((tx) => tx.put(key, text));
}

function carry(orderId: string, left: number): void {
  if (left === 0) return;
  const detail = { orderId, TaskToken: `${padding}|${orderId}|${left}`, Message: "One step of an order.", userId: "user-7f3a" };
  const Body = JSON.stringify({ version: "0", id: orderId, "detail-type": "step", source: "floor", detail });
  messages.push({ MessageId: orderId, ReceiptHandle: orderId, MD5OfBody: "", Body });
  polls.shift()?.(false);
}

function wait(ms: number, resolve: (isOver: boolean) => void): void {
  const timer = setTimeout(() => {
    polls.splice(polls.indexOf(end), 1);
    resolve(true);
  }, ms);
  const end = (): void => {
    clearTimeout(timer);
    resolve(false);
  };
  polls.push(end);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const text = Buffer.concat(chunks).toString();
    const operation = `${request.headers["x-amz-target"]}`.split(".")[1] ?? "";
    const answer = JSON.stringify(await (operations[operation]?.(JSON.parse(text) as JsonObject, text) ?? {}));
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
