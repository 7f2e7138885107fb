/** EventBridge's contract. */

import {
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DeleteRuleCommand,
  DescribeReplayCommand,
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  StartReplayCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { account, region } from "../../test/aws/support.ts";
import { describeContract, type Place } from "./contract.ts";
import { checkTags } from "./events-tags.ts";
import { checkTargets } from "./events-targets.ts";
import type { EventsTools } from "./events-tools.ts";

/** At any endpoint that speaks its protocol. */
export function describeEventsContract(place: Place<EventsTools>): void {
  describeContract("event bus", place, (contract) => {
    const { before, check } = contract;
    let tools: EventsTools;
    let events: EventBridgeClient;
    let queues: SQSClient;
    before(async (given) => {
      tools = given;
      ({ events, queues } = given);
    });

    const EventBusName = "Serverlesspresso";
    const busArn = `arn:aws:events:${region}:${account}:event-bus/${EventBusName}`;
    const pattern = JSON.stringify({ source: ["my.shop"], detail: { size: [{ numeric: [">", 2] }] } });

    /** What lies in the queue, taken out of it. */
    async function take(QueueUrl: string): Promise<Record<string, unknown>[]> {
      await tools.settle();
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { ReceiptHandle } of Messages) await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      return Messages.map(({ Body = "" }) => JSON.parse(Body) as Record<string, unknown>);
    }

    check("a rule sends matching events to its target; an archive gives them again, marked", async () => {
      const { QueueUrl = "" } = await queues.send(new CreateQueueCommand({ QueueName: "large" }));
      const { RuleArn } = await events.send(new PutRuleCommand({ Name: "Large", EventBusName, EventPattern: pattern, State: "ENABLED" }));
      expect(RuleArn).toBe(`arn:aws:events:${region}:${account}:rule/${EventBusName}/Large`);
      const Targets = [{ Id: "1", Arn: `arn:aws:sqs:${region}:${account}:large` }];
      await events.send(new PutTargetsCommand({ Rule: "Large", EventBusName, Targets }));
      await events.send(new CreateArchiveCommand({ ArchiveName: "mine", EventSourceArn: busArn, EventPattern: '{"source":["my.shop"]}' }));

      const entry = (size: number) => ({ EventBusName, Source: "my.shop", DetailType: "Sold", Detail: JSON.stringify({ size }) });
      const { FailedEntryCount, Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry(1), entry(3)] }));
      expect([FailedEntryCount, Entries.length]).toEqual([0, 2]);
      expect(await take(QueueUrl)).toMatchObject([{ id: Entries[1]?.EventId, "detail-type": "Sold", detail: { size: 3 } }]);

      const at = tools.nowMs();
      await events.send(
        new StartReplayCommand({
          ReplayName: "again",
          EventSourceArn: `arn:aws:events:${region}:${account}:archive/mine`,
          EventStartTime: new Date(at - 60_000),
          EventEndTime: new Date(at + 60_000),
          Destination: { Arn: busArn, FilterArns: [RuleArn as string] },
        }),
      );
      await tools.settle();
      expect(await events.send(new DescribeReplayCommand({ ReplayName: "again" }))).toMatchObject({
        State: "COMPLETED",
        EventStartTime: new Date(at - 60_000),
      });
      expect(await take(QueueUrl)).toMatchObject([{ id: Entries[1]?.EventId, "replay-name": "again" }]);

      expect((await events.send(new ListTargetsByRuleCommand({ Rule: "Large", EventBusName }))).Targets).toEqual(Targets);
      await expect(events.send(new DeleteRuleCommand({ Name: "Large", EventBusName }))).rejects.toMatchObject({
        name: "ValidationException",
      });
      await events.send(new RemoveTargetsCommand({ Rule: "Large", EventBusName, Ids: ["1"] }));
      await events.send(new DeleteRuleCommand({ Name: "Large", EventBusName }));
      expect((await events.send(new ListRulesCommand({ EventBusName, NamePrefix: "Large" }))).Rules).toEqual([]);
      await events.send(new DeleteArchiveCommand({ ArchiveName: "mine" }));
    });

    check("the blueprint's rules are there", async () => {
      const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
      expect(Rules.map(({ Name }) => Name)).toEqual(expect.arrayContaining(["NewOrder", "WaitingCompletion", "logAll"]));
    });

    for (const { size, result } of [
      { size: 3, result: true },
      { size: 2, result: false },
    ])
      check(`a pattern is tested: size ${size} is ${result}`, async () => {
        const time = "2026-06-01T09:00:00Z";
        const Event = JSON.stringify({
          id: "1",
          account,
          source: "my.shop",
          time,
          region,
          resources: [],
          "detail-type": "Sold",
          detail: { size },
        });
        expect(await events.send(new TestEventPatternCommand({ EventPattern: pattern, Event }))).toMatchObject({ Result: result });
      });

    check("a pattern that is none is refused by AWS's name", async () => {
      await expect(events.send(new TestEventPatternCommand({ EventPattern: '{"source":"x"}', Event: "{}" }))).rejects.toMatchObject({
        name: "InvalidEventPatternException",
      });
    });
    checkTargets(contract);
    checkTags(contract);
  });
}
