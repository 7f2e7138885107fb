/** SQS's contract on messages that fail: the dead-letter queue and the way back. */
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";

export function checkRedrive({ before, check }: Contract<SQSClient>): void {
  let queues: SQSClient;
  before(async (client) => void (queues = client));
  const arnOf = (url: string): string => `arn:aws:sqs:us-east-1:${url.split("/").slice(-2).join(":")}`;
  const create = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await queues.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
  const policyOf = (url: string, maxReceiveCount = 1): string => JSON.stringify({ deadLetterTargetArn: arnOf(url), maxReceiveCount });
  const send = (QueueUrl: string, MessageBody: string) => queues.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  async function receive(QueueUrl: string, more: { VisibilityTimeout?: number; WaitTimeSeconds?: number } = {}): Promise<Message[]> {
    const request = { QueueUrl, MessageSystemAttributeNames: ["All" as const], ...more };
    return (await queues.send(new ReceiveMessageCommand(request))).Messages ?? [];
  }
  const bodies = async (...args: Parameters<typeof receive>): Promise<unknown[]> => (await receive(...args)).map(({ Body }) => Body);

  check("a receive that buries one message gives out the next", async () => {
    const dead = await create("dregs");
    const source = await create("pots", { RedrivePolicy: policyOf(dead) });
    await send(source, "poison");
    await receive(source, { VisibilityTimeout: 0 });
    await send(source, "good");
    expect(await bodies(source, { WaitTimeSeconds: 20 })).toEqual(["good"]);
    expect(await bodies(dead)).toEqual(["poison"]);
  });

  check("a queue whose dead-letter queue is gone is read as if it had none", async () => {
    const dead = await create("drain");
    const source = await create("sink", { RedrivePolicy: policyOf(dead) });
    await send(source, "a");
    await receive(source, { VisibilityTimeout: 0 });
    await queues.send(new DeleteQueueCommand({ QueueUrl: dead }));
    expect(await bodies(source)).toEqual(["a"]);
  });

  check(
    "a redrive policy is refused that names no queue, one of the other kind, or no count; so is the way back from no queue",
    async () => {
      const standard = await create("beans");
      const RedrivePolicy = policyOf(standard).replace("beans", "none");
      await expect(create("fresh", { RedrivePolicy })).rejects.toMatchObject({
        name: "InvalidParameterValue",
        message: `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      });
      await expect(create("fresh.fifo", { FifoQueue: "true", RedrivePolicy: policyOf(standard) })).rejects.toThrow(
        "Dead-letter queue must be same type of queue as the source.",
      );
      const set = (policy: string) =>
        queues.send(new SetQueueAttributesCommand({ QueueUrl: standard, Attributes: { RedrivePolicy: policy } }));
      await expect(set(policyOf(standard, 1001))).rejects.toThrow(
        "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.",
      );
      await expect(set("{}")).rejects.toThrow("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
      await expect(set("[1]")).rejects.toThrow("Redrive policy is not a valid JSON map.");
      await set(policyOf(standard));
      await set("");
      const SourceArn = `${arnOf(standard)}-none`;
      await expect(queues.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toMatchObject({
        name: "ResourceNotFoundException",
      });
    },
  );

  check("a dead-letter queue says whose it is", async () => {
    const allow = (policy: object) => ({ RedriveAllowPolicy: JSON.stringify(policy) });
    const nobody = await create("shut", allow({ redrivePermission: "denyAll" }));
    const friend = arnOf(nobody).replace("shut", "friend");
    const one = await create("ajar", allow({ redrivePermission: "byQueue", sourceQueueArns: [friend] }));
    await create("friend", { RedrivePolicy: policyOf(one) });
    for (const dead of [nobody, one]) {
      await expect(create("stranger", { RedrivePolicy: policyOf(dead) })).rejects.toThrow("does not allow stranger to use it");
    }
    for (const wrong of [{ redrivePermission: "some" }, { redrivePermission: "byQueue" }, []]) {
      await expect(create("wrong", allow(wrong)), JSON.stringify(wrong)).rejects.toMatchObject({ name: "InvalidParameterValue" });
    }
  });
}
