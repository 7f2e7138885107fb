/** Every port's contract at the local platform, through the AWS SDK. The tables' has a file of its own. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import mqtt from "mqtt";
import type { AwsBar } from "../../test/aws/support.ts";
import type { Place } from "./contract.ts";
import { describeEventsContract } from "./events.ts";
import { describeFunctionsContract } from "./functions.ts";
import { describeIdentityContract } from "./identity.ts";
import { describeLogsContract } from "./logs.ts";
import { describeMetricsContract } from "./metrics.ts";
import { describeQueuesContract } from "./queues.ts";
import { describeStatesContract } from "./states.ts";
import { describeTopicsContract } from "./topics.ts";
import { openAtWire } from "./wire.ts";

const here = <Tools>(connect: (bar: AwsBar) => Tools): Place<Tools> => ({ name: "the local platform", open: () => openAtWire(connect) });
const timed = (bar: AwsBar) => ({ nowMs: () => bar.clock.nowMs() });

// StartSyncExecution has a host of its own on AWS, which does not exist here.
describeStatesContract(here((bar) => ({ states: new SFNClient({ ...bar.client, disableHostPrefix: true }), ...timed(bar) })));
describeEventsContract(
  here((bar) => ({
    events: new EventBridgeClient(bar.client),
    queues: new SQSClient(bar.client),
    ...timed(bar),
    async settle() {
      await bar.quiet();
      await bar.clock.advance(1_000);
    },
  })),
);
describeQueuesContract(here((bar) => new SQSClient(bar.client)));
describeFunctionsContract(here(withFunctions));
describeLogsContract(here((bar) => ({ logs: new CloudWatchLogsClient(bar.client), ...timed(bar) })));
describeMetricsContract(here((bar) => ({ metrics: new CloudWatchClient(bar.client), ...timed(bar) })));
describeIdentityContract(
  here((bar) => ({
    operator: new CognitoIdentityProviderClient(bar.client),
    nobody: new CognitoIdentityProviderClient({ ...bar.client, credentials: { accessKeyId: "none", secretAccessKey: "none" } }),
    clientId: bar.platform.identities.pool.clientId,
    ...timed(bar),
  })),
);
describeTopicsContract(
  here((bar) => ({ topics: new IoTDataPlaneClient(bar.client), subscribe: (topic: string) => subscribe(bar, topic) })),
);

function withFunctions(bar: AwsBar): LambdaClient {
  const { functions } = bar.platform;
  functions.register("Echo", async (event) => ({ got: event }));
  functions.register("Broken", async () => {
    throw new TypeError("no milk");
  });
  functions.register("Talks", async (_event, { log }) => {
    for (let line = 0; line < 100; line++) log(`line ${line} ${"x".repeat(100)}`);
    return {};
  });
  return new LambdaClient(bar.client);
}

async function subscribe(bar: AwsBar, topic: string): Promise<readonly string[]> {
  const { token } = await bar.admin();
  const address = `${bar.url.replace("http", "ws")}/mqtt`;
  const link = await mqtt.connectAsync(address, { username: token, password: token, protocolVersion: 4, reconnectPeriod: 0 });
  const got: string[] = [];
  link.on("message", (from, payload) => void got.push(`${from} ${payload}`));
  await link.subscribeAsync(topic, { qos: 1 });
  return got;
}
