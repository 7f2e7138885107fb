/** SQS's contract on what a message may be, and on what it is refused with otherwise. */
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";

export function checkRefusals({ before, check }: Contract<SQSClient>): void {
  let queues: SQSClient;
  let QueueUrl: string;
  before(async (client) => {
    queues = client;
    QueueUrl = (await queues.send(new CreateQueueCommand({ QueueName: "saucers" }))).QueueUrl ?? "";
  });
  const sendBatch = (Entries: readonly { readonly Id: string; readonly MessageBody?: string; readonly DelaySeconds?: number }[]) =>
    queues.send(new SendMessageBatchCommand({ QueueUrl, Entries: Entries.map((entry) => ({ MessageBody: "a", ...entry })) }));
  const send = (MessageBody: string, more: object = {}) => queues.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

  check("the trace header comes back among the system attributes, with an MD5 of its own", async () => {
    const header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    const sent = await send("a", { MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: header } } });
    expect([sent.MD5OfMessageSystemAttributes, sent.MD5OfMessageAttributes]).toEqual(["5ae4d5d7636402d80f4eb6d213245a88", undefined]);
    const { Messages } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["AWSTraceHeader"] }));
    expect(Messages?.[0]?.Attributes).toEqual({ AWSTraceHeader: header });
    await expect(send("a", { MessageSystemAttributes: { Other: { DataType: "String", StringValue: "a" } } })).rejects.toThrow("Other");
  });

  check("a batch is refused whole for its size, its ids and its bytes", async () => {
    const many = Array.from({ length: 11 }, (_, n) => ({ Id: `${n}` }));
    const half = "x".repeat(600_000);
    const refusals = [
      { entries: [], name: "EmptyBatchRequest", message: "There should be at least one SendMessageBatchRequestEntry in the request." },
      { entries: many, name: "TooManyEntriesInBatchRequest", message: "Maximum number of entries per request are 10. You have sent 11." },
      { entries: [{ Id: "a" }, { Id: "a" }], name: "BatchEntryIdsNotDistinct", message: "Id a repeated." },
      {
        entries: [{ Id: "a b" }],
        name: "InvalidBatchEntryId",
        message: "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      },
      {
        entries: [
          { Id: "a", MessageBody: half },
          { Id: "b", MessageBody: half },
        ],
        name: "BatchRequestTooLong",
        message: "Batch requests cannot be longer than 1048576 bytes. You have sent 1200000 bytes.",
      },
    ];
    for (const { entries, name, message } of refusals) await expect(sendBatch(entries), name).rejects.toMatchObject({ name, message });
    await expect(queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [] }))).rejects.toThrow("DeleteMessageBatchRequestEntry");
  });

  check("a wrong entry of a batch fails alone", async () => {
    const { Successful, Failed } = await sendBatch([{ Id: "a" }, { Id: "b", DelaySeconds: 901 }, { Id: "c", MessageBody: "\u0000" }]);
    expect(Successful?.map(({ Id }) => Id)).toEqual(["a"]);
    expect(Failed).toMatchObject([
      {
        Id: "b",
        Code: "InvalidParameterValue",
        Message: "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
        SenderFault: true,
      },
      { Id: "c", Code: "InvalidMessageContents" },
    ]);
  });

  check("a message has up to 1 MiB, its attributes counted", async () => {
    expect((await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["MaximumMessageSize"] }))).Attributes).toEqual({
      MaximumMessageSize: "1048576",
    });
    const MessageAttributes = { kind: { DataType: "String", StringValue: "abc" } };
    const most = 1_048_576 - "kindStringabc".length;
    await send("x".repeat(most), { MessageAttributes });
    await expect(send("x".repeat(most + 1), { MessageAttributes })).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1048576 bytes.",
    });
  });

  check("message attributes are checked for their number, names, types and values", async () => {
    const text: MessageAttributeValue = { DataType: "String", StringValue: "a" };
    const refusals: readonly [Record<string, MessageAttributeValue>, string][] = [
      [
        Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`a${n}`, text])),
        "Number of message attributes [11] exceeds the allowed maximum [10].",
      ],
      [{ "a b": text }, "can only contain"],
      [{ "AWS.x": text }, "reserved for internal use"],
      [{ "a..b": text }, "periods in succession"],
      [{ ["n".repeat(257)]: text }, "must be shorter than 256 Bytes"],
      [{ a: { DataType: "Text", StringValue: "a" } }, "supported type prefixes: Binary, Number, String"],
      [{ a: { DataType: "Stringy", StringValue: "a" } }, "supported type prefixes: Binary, Number, String"],
      [
        { a: { DataType: "String", StringValue: "" } },
        "must contain a non-empty message attribute value for message attribute type 'String'",
      ],
      [
        { a: { DataType: "Binary", StringValue: "a" } },
        "must contain a non-empty message attribute value for message attribute type 'Binary'",
      ],
      [{ a: { DataType: "Number", StringValue: "1x" } }, "Can't cast the value of message (user) attribute 'a' to a number."],
      [{ a: { DataType: "String", StringValue: "\u0001" } }, "Invalid characters found."],
    ];
    for (const [MessageAttributes, words] of refusals) await expect(send("a", { MessageAttributes }), words).rejects.toThrow(words);
    const Messages = { price: { DataType: "Number.float", StringValue: "-2.5e3" }, "x.y": { DataType: "String.json", StringValue: "{}" } };
    await send("a", { MessageAttributes: Messages });
  });

  check("numbers have their bounds, attributes their names", async () => {
    const receive = (more: object) => queues.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
    await expect(receive({ MaxNumberOfMessages: 11 })).rejects.toThrow(
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    );
    await expect(receive({ WaitTimeSeconds: 21 })).rejects.toThrow("Must be >= 0 and <= 20, if provided.");
    await expect(receive({ WaitTimeSeconds: 9e15 })).rejects.toThrow("Must be >= 0 and <= 20, if provided.");
    await expect(queues.send(new ReceiveMessageCommand({ QueueUrl: undefined }))).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(receive({ VisibilityTimeout: 43_201 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Colour" as never] }))).rejects.toMatchObject({
      name: "InvalidAttributeName",
      message: "Unknown Attribute Colour.",
    });
    for (const [name, value] of [
      ["VisibilityTimeout", "43201"],
      ["DelaySeconds", "-1"],
      ["SqsManagedSseEnabled", "yes"],
    ] as const) {
      const refused = queues.send(new CreateQueueCommand({ QueueName: "never", Attributes: { [name]: value } }));
      await expect(refused, name).rejects.toMatchObject({
        name: "InvalidAttributeValue",
        message: `Invalid value for the parameter ${name}.`,
      });
    }
  });
}
