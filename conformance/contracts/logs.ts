/** CloudWatch Logs' contract. */
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
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
  });
}
