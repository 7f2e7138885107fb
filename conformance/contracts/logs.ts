/** CloudWatch Logs' contract. */
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { describeContract, type Place } from "./contract.ts";

/** What the suite needs. */
export interface LogsTools {
  readonly logs: CloudWatchLogsClient;
  nowMs(): number;
}

/** At any endpoint that speaks its protocol. */
export function describeLogsContract(place: Place<LogsTools>): void {
  describeContract("logs", place, ({ before, check }) => {
    let logs: LogsTools["logs"];
    let nowMs: LogsTools["nowMs"];
    before(async (tools) => {
      ({ logs, nowMs } = tools);
    });

    check("lines are put into a log group and found by a pattern", async () => {
      const [logGroupName, logStreamName] = ["/mine/log", "one"];
      const atMs = nowMs();
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = ["milk is low", "ERROR no milk", "milk is back"].map((message, i) => ({ timestamp: atMs + i, message }));
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: "ERROR" }));
      expect(events).toMatchObject([{ message: "ERROR no milk", timestamp: atMs + 1, logStreamName }]);
      const read = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, limit: 2 }));
      expect(read.events?.map(({ message }) => message)).toEqual(["milk is low", "ERROR no milk"]);
      const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
      expect(logStreams).toMatchObject([{ logStreamName, creationTime: atMs }]);
      await expect(logs.send(new FilterLogEventsCommand({ logGroupName: "/none" }))).rejects.toMatchObject({
        name: "ResourceNotFoundException",
      });
    });

    check("a log group's tags are kept, by its ARN and by its name", async () => {
      const logGroupName = "/mine/tagged";
      await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: "bar", env: "" } }));
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
      const resourceArn = logGroups[0]?.logGroupArn;
      await logs.send(new TagResourceCommand({ resourceArn, tags: { team: "till" } }));
      await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ["env"] }));
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
      await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
      expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ team: "till" });
      expect((await logs.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ team: "till" });
      await expect(logs.send(new ListTagsForResourceCommand({ resourceArn: `${resourceArn}-none` }))).rejects.toMatchObject({
        name: "ResourceNotFoundException",
      });
    });

    check("each kind of pattern finds its lines; what is none is refused in words", async () => {
      const [logGroupName, logStreamName] = ["/mine/patterns", "one"];
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const access = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /menu HTTP/1.0" 404 1534';
      const json = '{"m":"a && b","ok":true,"none":null,"drinks":[{"n":2}]}';
      const logEvents = [access, json].map((message, i) => ({ timestamp: nowMs() + i, message }));
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
      const find = async (filterPattern: string): Promise<unknown[]> =>
        ((await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }))).events ?? []).map(({ message }) => message);
      const found = [
        ["[ip, id, user, ts, request, status=4*, size]", access],
        ["[..., request=*menu*, status=4* || status=5*, size > 1000]", access],
        ["%GET|POST%", access],
        ['{ $.m = "a && b" }', json],
        ["{ $.ok IS TRUE && ($.none IS NULL || $.m = x) && $.gone NOT EXISTS }", json],
        ["{ $.drinks[0].n >= 2 }", json],
        ["?frank ?drinks", access, json],
        ["-frank", json],
      ];
      for (const [pattern = "", ...lines] of found) expect(await find(pattern), pattern).toEqual(lines);
      await expect(find("{ $.m = }")).rejects.toMatchObject({
        name: "InvalidParameterException",
        message: 'Invalid filter pattern: { $.m = }: at character 9 is "}", expected a text, a number or a regular expression',
      });
      await expect(find("a:b")).rejects.toThrow("Invalid character(s) in term ':'");
    });
  });
}
