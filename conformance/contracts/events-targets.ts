/** EventBridge's contract on what rules and targets may be. */
import {
  DeleteRuleCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { account, region } from "../../test/aws/support.ts";
import type { Contract } from "./contract.ts";
import type { EventsTools } from "./events-tools.ts";

const arnOf = (queue: string): string => `arn:aws:sqs:${region}:${account}:${queue}`;
const Rule = "Checked";

export function checkTargets({ before, after, check }: Contract<EventsTools>): void {
  before(({ events }) => events.send(new PutRuleCommand({ Name: Rule, EventPattern: '{"source":["my.fifo"]}' })));
  after(({ events }) => events.send(new DeleteRuleCommand({ Name: Rule })));
  const put = ({ events }: EventsTools, Targets: Target[]) => events.send(new PutTargetsCommand({ Rule, Targets }));

  const Arn = arnOf("any");
  const onlyOne = "Only one of Input, InputPath, or InputTransformer must be provided for target 1.";
  const InputTransformer = { InputPathsMap: { a: "$.detail" }, InputTemplate: "<a>" };
  const notAnArn = (arn: string): string => `Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`;
  const refusals: readonly [what: string, target: Partial<Target>, words: string][] = [
    ["an ARN that is none", { Arn: "my-queue" }, notAnArn("my-queue")],
    ["a service that gets no events here", { Arn: `arn:aws:sns:${region}:${account}:topic` }, "Events are not delivered to sns here"],
    ["an input that is not JSON", { Input: "{" }, "JSON syntax error in input for target 1."],
    ["input and path", { Input: "{}", InputPath: "$.detail" }, onlyOne],
    ["path and transformer", { InputPath: "$.detail", InputTransformer }, onlyOne],
    ["a path that is none", { InputPath: "detail" }, "Invalid InputPath for target 1."],
    [
      "a transformer's path that is none",
      { InputTransformer: { ...InputTransformer, InputPathsMap: { a: "detail" } } },
      "Invalid InputPathsMap for target 1: a is detail",
    ],
    ["a FIFO queue without a group", { Arn: arnOf("any.fifo") }, "Parameter(s) SqsParameters must be specified for target: 1."],
    ["a dead-letter queue that is none", { DeadLetterConfig: { Arn: "dead" } }, notAnArn("dead")],
    ["a FIFO dead-letter queue", { DeadLetterConfig: { Arn: arnOf("dead.fifo") } }, "A dead-letter queue must be a standard queue."],
    [
      "186 retries",
      { RetryPolicy: { MaximumRetryAttempts: 186 } },
      "retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
    ],
    [
      "an event's age of a minute at least",
      { RetryPolicy: { MaximumEventAgeInSeconds: 59 } },
      "retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
    ],
  ];
  check("a target is refused that could not be delivered to", async (tools) => {
    for (const [what, target, words] of refusals) {
      await expect(put(tools, [{ Id: "1", Arn, ...target }]), what).rejects.toMatchObject({
        name: "ValidationException",
        message: expect.stringContaining(words),
      });
    }
    expect((await tools.events.send(new ListTargetsByRuleCommand({ Rule }))).Targets).toEqual([]);
  });

  check("a rule has five targets at most", async (tools) => {
    const ids = ["1", "2", "3", "4", "5"];
    await put(
      tools,
      ids.map((Id) => ({ Id, Arn })),
    );
    await expect(put(tools, [{ Id: "6", Arn }])).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "The requested resource exceeds the maximum number allowed.",
    });
    await tools.events.send(new RemoveTargetsCommand({ Rule, Ids: ids }));
  });

  check("an event reaches a FIFO queue in the group that the target names", async (tools) => {
    const Attributes = { FifoQueue: "true", ContentBasedDeduplication: "true" };
    const { QueueUrl } = await tools.queues.send(new CreateQueueCommand({ QueueName: "events.fifo", Attributes }));
    await put(tools, [{ Id: "1", Arn: arnOf("events.fifo"), SqsParameters: { MessageGroupId: "bar" } }]);
    await tools.events.send(new PutEventsCommand({ Entries: [{ Source: "my.fifo", DetailType: "Sold", Detail: "{}" }] }));
    await tools.settle();
    const { Messages } = await tools.queues.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["MessageGroupId"] }));
    expect(Messages?.map(({ Attributes }) => Attributes)).toEqual([{ MessageGroupId: "bar" }]);
    await tools.events.send(new RemoveTargetsCommand({ Rule, Ids: ["1"] }));
  });

  check("a schedule stands on the default bus alone", async ({ events }) => {
    const rule = { Name: "Tick", ScheduleExpression: "rate(1 day)" };
    await expect(events.send(new PutRuleCommand({ ...rule, EventBusName: "Serverlesspresso" }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "ScheduleExpression is supported only on the default event bus.",
    });
    await events.send(new PutRuleCommand({ ...rule, State: "DISABLED" }));
    await events.send(new DeleteRuleCommand({ Name: rule.Name }));
  });
}
