/** SQS's contract. */
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { describeContract, type Place } from "./contract.ts";
import { checkFifo } from "./queues-fifo.ts";
import { checkRedrive } from "./queues-redrive.ts";
import { checkRefusals } from "./queues-refusals.ts";

/** At any endpoint that speaks its protocol. */
export function describeQueuesContract(place: Place<SQSClient>): void {
  describeContract("queues", place, (contract) => {
    const { before, check } = contract;
    let queues: SQSClient;
    let QueueUrl: string;
    before(async (client) => {
      queues = client;
      QueueUrl = (await queues.send(new CreateQueueCommand({ QueueName: "cups" }))).QueueUrl ?? "";
    });

    check("a queue's address leads here", async () => {
      expect(QueueUrl).toMatch(/^https?:\/\/[^/]+\/\d{12}\/cups$/);
      expect((await queues.send(new GetQueueUrlCommand({ QueueName: "cups" }))).QueueUrl).toBe(QueueUrl);
      expect((await queues.send(new ListQueuesCommand({ QueueNamePrefix: "cu" }))).QueueUrls).toEqual([QueueUrl]);
    });

    check("messages are sent, received with their attributes, hidden, shown again and deleted", async () => {
      const MessageAttributes = {
        size: { DataType: "Number", StringValue: "3" },
        raw: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
      };
      const sent = await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: "größer", MessageAttributes }));
      const receive = () =>
        queues.send(
          new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["ApproximateReceiveCount"] }),
        );
      const [message] = (await receive()).Messages ?? [];
      expect(message).toMatchObject({ MessageId: sent.MessageId, Body: "größer", Attributes: { ApproximateReceiveCount: "1" } });
      expect(message?.MessageAttributes?.size).toEqual({ DataType: "Number", StringValue: "3" });
      expect(Buffer.from(message?.MessageAttributes?.raw?.BinaryValue ?? [])).toEqual(Buffer.from([0, 255]));
      expect((await receive()).Messages).toBeUndefined();
      const ReceiptHandle = message?.ReceiptHandle;
      await queues.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
      const [again] = (await receive()).Messages ?? [];
      expect(again?.Attributes).toEqual({ ApproximateReceiveCount: "2" });
      await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
      await queues.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "7" } }));
      const { Attributes } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      expect(Attributes).toMatchObject({
        ApproximateNumberOfMessages: "0",
        ApproximateNumberOfMessagesNotVisible: "0",
        VisibilityTimeout: "7",
      });
    });

    check("a long poll is answered when a message comes", async () => {
      const polled = queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: "at last" }));
      const { Messages = [] } = await polled;
      expect(Messages.map(({ Body }) => Body)).toEqual(["at last"]);
      await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    });

    check("who has gone from a long poll takes no message along", async () => {
      const leaving = new AbortController();
      const polled = queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: leaving.signal });
      setTimeout(() => leaving.abort(), 100);
      await expect(polled).rejects.toThrow();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: "still here" }));
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl }));
      expect(Messages.map(({ Body }) => Body)).toEqual(["still here"]);
      await queues.send(new PurgeQueueCommand({ QueueUrl }));
      await expect(queues.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
        name: "PurgeQueueInProgress",
        message: "Only one PurgeQueue operation on cups is allowed every 60 seconds.",
      });
    });

    check("batches tell of each entry", async () => {
      const Entries = ["a", "b", "c"].map((Id) => ({ Id, MessageBody: Id }));
      expect((await queues.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).Successful?.map(({ Id }) => Id)).toEqual([
        "a",
        "b",
        "c",
      ]);
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      const handles = Messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle }));
      const { Successful, Failed } = await queues.send(
        new DeleteMessageBatchCommand({ QueueUrl, Entries: [...handles, { Id: "bad", ReceiptHandle: "none" }] }),
      );
      expect(Successful?.length).toBe(3);
      expect(Failed).toMatchObject([{ Id: "bad", Code: "ReceiptHandleIsInvalid", SenderFault: true }]);
    });

    check("a queue that is gone is told of by AWS's name", async () => {
      await queues.send(new DeleteQueueCommand({ QueueUrl }));
      await expect(queues.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }))).rejects.toMatchObject({
        name: "QueueDoesNotExist",
        $metadata: { httpStatusCode: 400 },
      });
    });
    checkRedrive(contract);
    checkFifo(contract);
    checkRefusals(contract);
  });
}
