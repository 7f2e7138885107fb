/** EventBridge's contract on what is kept of rules, buses and archives beside what they do. */
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeArchiveCommand,
  DescribeRuleCommand,
  ListArchivesCommand,
  ListTagsForResourceCommand,
  PutEventsCommand,
  PutRuleCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateArchiveCommand,
} from "@aws-sdk/client-eventbridge";
import { expect } from "vitest";
import type { Contract } from "./contract.ts";
import type { EventsTools } from "./events-tools.ts";

const team = { Key: "team", Value: "bar" };
const EventPattern = '{"source":["my.tagged"]}';

export function checkTags({ check }: Contract<EventsTools>): void {
  const tagsOf = async ({ events }: EventsTools, ResourceARN: string) =>
    (await events.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;

  check("tags of a bus and a rule are kept until they go", async (tools) => {
    const { events } = tools;
    const { EventBusArn = "" } = await events.send(new CreateEventBusCommand({ Name: "tagged", Tags: [team] }));
    const rule = { Name: "Tagged", EventBusName: "tagged", EventPattern };
    const RoleArn = "arn:aws:iam::123456789012:role/rule";
    const { RuleArn = "" } = await events.send(new PutRuleCommand({ ...rule, RoleArn, Tags: [team] }));
    expect(await events.send(new DescribeRuleCommand({ Name: "Tagged", EventBusName: "tagged" }))).toMatchObject({ RoleArn });
    await events.send(new PutRuleCommand({ ...rule, Tags: [{ Key: "ignored", Value: "for a rule that is there" }] }));
    for (const ResourceARN of [EventBusArn, RuleArn]) {
      expect(await tagsOf(tools, ResourceARN)).toEqual([team]);
      await events.send(
        new TagResourceCommand({
          ResourceARN,
          Tags: [
            { Key: "team", Value: "till" },
            { Key: "env", Value: "" },
          ],
        }),
      );
      await events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["env", "none"] }));
      expect(await tagsOf(tools, ResourceARN)).toEqual([{ Key: "team", Value: "till" }]);
    }
    await events.send(new DeleteRuleCommand({ Name: "Tagged", EventBusName: "tagged" }));
    await expect(tagsOf(tools, RuleArn)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await events.send(new PutRuleCommand(rule));
    expect(await tagsOf(tools, RuleArn)).toEqual([]);
    await events.send(new DeleteRuleCommand({ Name: "Tagged", EventBusName: "tagged" }));
    await events.send(new DeleteEventBusCommand({ Name: "tagged" }));
    await expect(tagsOf(tools, EventBusArn)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(tagsOf(tools, "tagged")).rejects.toMatchObject({ name: "ValidationException" });
  });

  check("an archive tells how much it holds, and is changed", async ({ events, settle }) => {
    const source = "arn:aws:events:us-east-1:123456789012:event-bus/default";
    await events.send(new CreateArchiveCommand({ ArchiveName: "counted", EventSourceArn: source, EventPattern }));
    const put = (Source: string) => events.send(new PutEventsCommand({ Entries: [{ Source, DetailType: "Sold", Detail: "{}" }] }));
    const count = async () => (await events.send(new DescribeArchiveCommand({ ArchiveName: "counted" }))).EventCount;
    expect(await count()).toBe(0);
    for (const Source of ["my.tagged", "my.other", "my.tagged"]) await put(Source);
    await settle();
    const [archive] = (await events.send(new ListArchivesCommand({ NamePrefix: "counted" }))).Archives ?? [];
    expect(archive).toMatchObject({ EventCount: 2, RetentionDays: 0, State: "ENABLED" });
    expect(archive?.SizeBytes).toBeGreaterThan(200);
    await put("my.tagged");
    expect(await count()).toBe(3);
    await events.send(new UpdateArchiveCommand({ ArchiveName: "counted", EventPattern: '{"source":["my.other"]}', RetentionDays: 2 }));
    expect(await events.send(new DescribeArchiveCommand({ ArchiveName: "counted" }))).toMatchObject({ EventCount: 1, RetentionDays: 2 });
    await events.send(new DeleteArchiveCommand({ ArchiveName: "counted" }));
  });
}
