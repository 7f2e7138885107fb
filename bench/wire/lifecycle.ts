/**
 * The order's life of `bench/lifecycle`, driven from outside: StartExecution, the task token out of a queue that a rule fills, SendTaskSuccess,
 * the next token, SendTaskSuccess. Receivers take the messages by long polling and delete them, as a worker's SDK does.
 */
import { names } from "@serverlesspresso/contract";
import { lifecycleDefinition } from "../lifecycle/definition.ts";
import { drinkOrder, stateMachineArn, verdict } from "../lifecycle/system.ts";
import { type Measured, measure } from "../measure.ts";
import { events, type SignedClient, sqs, states } from "./signed-client.ts";

const account = "123456789012";
const own = "wire";
const ownMachineArn = stateMachineArn.replace(names.orderProcessor, own);
const messagesAtOnce = 10;

interface Received {
  readonly Messages?: readonly { readonly ReceiptHandle: string; readonly Body: string }[];
}
interface Carried {
  readonly detail: { readonly orderId: string; readonly TaskToken: string };
}

/** Makes the bus, the rule, the queue and the state machine. Resolves with the queue's URL. */
export async function setUp(client: SignedClient): Promise<string> {
  const { QueueUrl } = await client.call<{ QueueUrl: string }>(sqs, "CreateQueue", { QueueName: own });
  await client.call(events, "CreateEventBus", { Name: own });
  const EventPattern = JSON.stringify({ detail: { TaskToken: [{ exists: true }] } });
  await client.call(events, "PutRule", { Name: own, EventBusName: own, EventPattern });
  const Targets = [{ Id: "queue", Arn: `arn:aws:sqs:us-east-1:${account}:${own}` }];
  await client.call(events, "PutTargets", { Rule: own, EventBusName: own, Targets });
  await client.call(states, "CreateStateMachine", {
    name: own,
    definition: JSON.stringify(lifecycleDefinition).replaceAll(`"EventBusName":"${names.bus}"`, `"EventBusName":"${own}"`),
    roleArn: `arn:aws:iam::${account}:role/${own}`,
  });
  return QueueUrl;
}

/** Keeps `inFlight` lifecycles going for `seconds`. Latencies are those from a callback to the next token. */
export async function driveLifecycles(client: SignedClient, queueUrl: string, inFlight: number, seconds: number): Promise<Measured> {
  const waiting = new Map<string, (token: string) => void>();
  const next = (orderId: string): Promise<string> => new Promise((resolve) => waiting.set(orderId, resolve));
  const receivers = receive(client, queueUrl, Math.max(1, Math.ceil(inFlight / messagesAtOnce)), (orderId, token) => {
    waiting.get(orderId)?.(token);
    waiting.delete(orderId);
  });
  const run = Date.now();
  let orders = 0;
  const measured = await measure(inFlight, seconds, async (report) => {
    const orderId = `o-${run}-${++orders}`;
    const first = next(orderId);
    const input = { detail: { orderId, userId: "user-7f3a", Message: "A guest has a place.", bucket: { start: 1, end: 2 } } };
    await client.call(states, "StartExecution", { stateMachineArn: ownMachineArn, name: orderId, input: JSON.stringify(input) });
    const taskToken = await first;
    const second = next(orderId);
    const from = performance.now();
    await client.call(states, "SendTaskSuccess", { taskToken, output: JSON.stringify(drinkOrder) });
    const secondToken = await second;
    report(performance.now() - from);
    await client.call(states, "SendTaskSuccess", { taskToken: secondToken, output: JSON.stringify(verdict) });
  });
  await receivers.end();
  return measured;
}

function receive(client: SignedClient, QueueUrl: string, number: number, onToken: (orderId: string, token: string) => void) {
  let isOver = false;
  const loop = async (): Promise<void> => {
    while (!isOver) {
      const request = { QueueUrl, MaxNumberOfMessages: messagesAtOnce, WaitTimeSeconds: isOver ? 0 : 1 };
      const { Messages = [] } = await client.call<Received>(sqs, "ReceiveMessage", request);
      const deleted = Messages.map(({ Body, ReceiptHandle }) => {
        const { detail } = JSON.parse(Body) as Carried;
        onToken(detail.orderId, detail.TaskToken);
        return client.call(sqs, "DeleteMessage", { QueueUrl, ReceiptHandle });
      });
      await Promise.all(deleted);
    }
  };
  const loops = Array.from({ length: number }, loop);
  return {
    async end() {
      isOver = true;
      await Promise.all(loops);
    },
  };
}
