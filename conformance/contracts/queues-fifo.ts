/** SQS's contract on FIFO queues. */
import { createHash } from "node:crypto";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";

export function checkFifo({ before, check }: Contract<SQSClient>): void {
  let queues: SQSClient;
  let byContent: string;
  let byId: string;
  const create = async (QueueName: string, Attributes: Record<string, string>): Promise<string> =>
    (await queues.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: "true", ...Attributes } }))).QueueUrl ?? "";
  before(async (client) => {
    queues = client;
    byContent = await create("byContent.fifo", { ContentBasedDeduplication: "true" });
    byId = await create("byId.fifo", { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" });
  });
  const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
    queues.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "bar", ...more }));

  check("each message of a FIFO queue has a sequence number; a repeat is answered as the first was", async () => {
    const long = "x".repeat(5_000);
    const [first, second, again] = [await send(byContent, long), await send(byContent, "b"), await send(byContent, long)];
    expect([first.SequenceNumber?.length, String(second.SequenceNumber) > String(first.SequenceNumber)]).toEqual([20, true]);
    expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl: byContent, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"] }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual([long, "b"]);
    expect(Messages[1]?.Attributes).toMatchObject({
      MessageGroupId: "bar",
      SequenceNumber: second.SequenceNumber,
      MessageDeduplicationId: createHash("sha256").update("b").digest("hex"),
    });
  });

  check("deduplication counts within a group where the queue says so", async () => {
    const MessageDeduplicationId = "1";
    const first = await send(byId, "a", { MessageDeduplicationId });
    expect((await send(byId, "b", { MessageDeduplicationId })).MessageId).toBe(first.MessageId);
    expect((await send(byId, "a", { MessageDeduplicationId, MessageGroupId: "till" })).MessageId).not.toBe(first.MessageId);
  });

  check("what belongs to the other kind of queue, or is missing for this one, is refused", async () => {
    const QueueUrl = (await queues.send(new CreateQueueCommand({ QueueName: "plain" }))).QueueUrl ?? "";
    const notHere = "The request include parameter that is not valid for this queue type.";
    await expect(send(byContent, "a", { DelaySeconds: 2 })).rejects.toThrow(
      `Value 2 for parameter DelaySeconds is invalid. Reason: ${notHere}`,
    );
    await expect(send(QueueUrl, "a", { MessageDeduplicationId: "d" })).rejects.toThrow(
      `Value d for parameter MessageDeduplicationId is invalid. Reason: ${notHere}`,
    );
    await expect(send(byContent, "a", { MessageGroupId: undefined })).rejects.toMatchObject({
      name: "MissingParameter",
      message: "The request must contain the parameter MessageGroupId.",
    });
    await expect(send(byId, "a")).rejects.toThrow(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
    await expect(send(byContent, "a", { MessageGroupId: "a b" })).rejects.toThrow(
      "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
    );
    const Entries = [{ Id: "1", MessageBody: "a" }];
    await expect(queues.send(new SendMessageBatchCommand({ QueueUrl: byContent, Entries }))).rejects.toThrow("MessageGroupId");
    const attributes = { ContentBasedDeduplication: "true" };
    await expect(queues.send(new CreateQueueCommand({ QueueName: "plain2", Attributes: attributes }))).rejects.toMatchObject({
      name: "InvalidAttributeName",
      message: "Unknown Attribute ContentBasedDeduplication.",
    });
  });
}
