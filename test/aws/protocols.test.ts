import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../../platforms/local/src/aws/cbor.ts";
import { callSigned } from "./sign.ts";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
beforeAll(async () => {
  bar = await openAwsBar();
});
afterAll(() => bar.close());

const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
const query = async (service: string, parameters: Record<string, string>, path = "/"): Promise<{ status: number; text: string }> => {
  const response = await callSigned(bar, { service, path, headers: form, body: new URLSearchParams(parameters).toString() });
  return { status: response.status, text: await response.text() };
};
const sqs = (Action: string, parameters: Record<string, string>, path?: string) =>
  query("sqs", { Action, Version: "2012-11-05", ...parameters }, path);
const cloudWatch = (Action: string, parameters: Record<string, string>) =>
  query("monitoring", { Action, Version: "2010-08-01", ...parameters });

describe("query", () => {
  test("SQS as older clients speak it", async () => {
    const { text } = await sqs("CreateQueue", {
      QueueName: "old",
      "Attribute.1.Name": "VisibilityTimeout",
      "Attribute.1.Value": "9",
      "Tag.1.Key": "team",
      "Tag.1.Value": "bar",
    });
    const QueueUrl = `${bar.url}/123456789012/old`;
    expect(text).toContain(`<CreateQueueResult><QueueUrl>${QueueUrl}</QueueUrl></CreateQueueResult>`);
    await sqs("SendMessageBatch", {
      QueueUrl,
      "SendMessageBatchRequestEntry.1.Id": "a",
      "SendMessageBatchRequestEntry.1.MessageBody": "<one> & two",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Name": "size",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType": "Number",
      "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue": "3",
    });
    const received = await sqs(
      "ReceiveMessage",
      { QueueUrl, MaxNumberOfMessages: "10", "MessageAttributeName.1": "All" },
      "/123456789012/old",
    );
    expect(received.text).toContain("<Body>&lt;one&gt; &amp; two</Body>");
    expect(received.text).toMatch(
      /<MessageAttribute><Name>size<\/Name><Value><DataType>Number<\/DataType><StringValue>3<\/StringValue><\/Value>/,
    );
    const attributes = await sqs("GetQueueAttributes", { QueueUrl, "AttributeName.1": "VisibilityTimeout" });
    expect(attributes.text).toContain("<Attribute><Name>VisibilityTimeout</Name><Value>9</Value></Attribute>");
    expect((await sqs("ListQueueTags", { QueueUrl })).text).toContain("<Tag><Key>team</Key><Value>bar</Value></Tag>");
    const missing = await sqs("PurgeQueue", { QueueUrl: "none" });
    expect([missing.status, missing.text]).toEqual([400, expect.stringContaining("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>")]);
  });

  test("CloudWatch as older clients speak it", async () => {
    const put = await cloudWatch("PutMetricData", {
      Namespace: "Old",
      "MetricData.member.1.MetricName": "Sold",
      "MetricData.member.1.Value": "4.5",
      "MetricData.member.1.Dimensions.member.1.Name": "Drink",
      "MetricData.member.1.Dimensions.member.1.Value": "7",
    });
    expect(put).toEqual({ status: 200, text: expect.stringContaining("<PutMetricDataResult></PutMetricDataResult>") });
    const atMs = bar.clock.nowMs();
    const { text } = await cloudWatch("GetMetricStatistics", {
      Namespace: "Old",
      MetricName: "Sold",
      "Dimensions.member.1.Name": "Drink",
      "Dimensions.member.1.Value": "7",
      StartTime: new Date(atMs - 60_000).toISOString(),
      EndTime: new Date(atMs + 60_000).toISOString(),
      Period: "60",
      "Statistics.member.1": "Sum",
    });
    expect(text).toContain(`<member><Timestamp>${new Date(atMs).toISOString()}</Timestamp><Sum>4.5</Sum>`);
  });
  test("a text that is no timestamp is named as one", async () => {
    const request = {
      Namespace: "Old",
      MetricName: "Sold",
      StartTime: "x",
      EndTime: "2026-01-01T00:00:00Z",
      Period: "60",
      "Statistics.member.1": "Sum",
    };
    const { status, text } = await cloudWatch("GetMetricStatistics", request);
    expect(status).toBe(400);
    expect(text).toMatch(/startTime&apos; failed to satisfy constraint: Member must be a timestamp</);
  });

  test.each([
    { name: "__proto__.a", value: "1" },
    { name: Array(20).fill("a").join("."), value: "1" },
    { name: "MaxResults", value: "many" },
    { name: "Attribute.1.Value", value: "nameless" },
  ])("a parameter $name=$value is refused", async ({ name, value }) => {
    const { status, text } = await sqs("ListQueues", { [name]: value });
    expect([status, text]).toEqual([400, expect.stringContaining("<Code>MalformedInput</Code>")]);
  });

  test("an action that is not there is told what is", async () => {
    const { status, text } = await sqs("Dance", {});
    expect([status, text]).toEqual([400, expect.stringMatching(/<Code>InvalidAction<\/Code>.*CreateQueue, .*SendMessage/)]);
  });

  test("a signature for one service opens no other", async () => {
    const { status, text } = await query("sts", { Action: "ListQueues", Version: "2012-11-05" });
    expect([status, text]).toEqual([403, expect.stringContaining("<Code>SignatureDoesNotMatch</Code>")]);
  });
});

describe("RPC v2 with CBOR", () => {
  const call = (service: string, scope: string, operation: string, request: Uint8Array<ArrayBuffer>): Promise<Response> =>
    callSigned(bar, {
      service: scope,
      path: `/service/${service}/operation/${operation}`,
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: request,
    });
  const encode = (value: Parameters<typeof encodeCbor>[0]) => new Uint8Array(encodeCbor(value));

  test("CloudWatch and Step Functions answer, instants with their tag", async () => {
    const put = await call(
      "GraniteServiceVersion20100801",
      "monitoring",
      "PutMetricData",
      encode({ Namespace: "C", MetricData: [{ MetricName: "M", Value: 1.5 }] }),
    );
    expect([put.status, put.headers.get("smithy-protocol")]).toEqual([200, "rpc-v2-cbor"]);
    const machines = await call("AWSStepFunctions", "states", "ListStateMachines", encode({}));
    const bytes = Buffer.from(await machines.arrayBuffer());
    expect(bytes.includes(Buffer.concat([Buffer.from("creationDate"), Buffer.of(0xc1)]))).toBe(true);
    expect(decodeCbor(bytes)).toMatchObject({ stateMachines: [{ name: "OrderManagerStateMachine" }, { name: "OrderProcessorWorkflow" }] });
  });

  test("errors have their type, and CloudWatch's their older name", async () => {
    const response = await call("GraniteServiceVersion20100801", "monitoring", "GetDashboard", encode({ DashboardName: "none" }));
    expect([response.status, response.headers.get("x-amzn-query-error")]).toEqual([400, "ResourceNotFound;Sender"]);
    expect(decodeCbor(Buffer.from(await response.arrayBuffer()))).toMatchObject({ __type: "DashboardNotFoundError" });
  });

  test.each([
    { name: "what ends in the middle", hex: "a161" },
    { name: "what goes on after its value", hex: "a0a0" },
    { name: "a list", hex: "80" },
    { name: "a length that nobody sends", hex: "9bffffffffffffffff" },
    { name: "depth", hex: "81".repeat(5_000) },
  ])("$name is refused", async ({ hex }) => {
    const response = await call("AWSStepFunctions", "states", "ListStateMachines", new Uint8Array(Buffer.from(hex, "hex")));
    expect(response.status).toBe(400);
    expect(decodeCbor(Buffer.from(await response.arrayBuffer()))).toMatchObject({ __type: "SerializationException" });
  });
});

/** From RFC 8949, appendix A. */
test.each([
  { hex: "1bffffffffffffffff", value: 2 ** 64 },
  { hex: "3903e7", value: -1000 },
  { hex: "f93e00", value: 1.5 },
  { hex: "f90001", value: 2 ** -24 },
  { hex: "fa47c35000", value: 100000 },
  { hex: "fbc010666666666666", value: -4.1 },
  { hex: "c11a514b67b0", value: 1363896240 },
  { hex: "4401020304", value: "AQIDBA==" },
  { hex: "7f657374726561646d696e67ff", value: "streaming" },
  { hex: "9f018202039f0405ffff", value: [1, [2, 3], [4, 5]] },
  { hex: "bf61610161629f0203ffff", value: { a: 1, b: [2, 3] } },
  { hex: "f6", value: null },
])("CBOR $hex is $value", ({ hex, value }) => expect(decodeCbor(Buffer.from(hex, "hex"))).toEqual(value));

test.each([0, 23, 24, 255, 256, 65_536, 2 ** 32, -1, -500, 1.25, 1e300, "ü", "x".repeat(300), true, null, [1, [2]], { a: { b: "c" } }])(
  "CBOR of %j is read back",
  (value) => expect(decodeCbor(encodeCbor(value))).toEqual(value),
);

describe("JSON", () => {
  const call = (target: string, service: string, body: string | Uint8Array<ArrayBuffer>, more: Record<string, string> = {}) =>
    callSigned(bar, { service, headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target, ...more }, body });

  test("an unknown operation is told which there are", async () => {
    const response = await call("AWSStepFunctions.Dance", "states", "{}");
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toBe("UnknownOperationException");
    expect(await response.json()).toMatchObject({
      __type: "UnknownOperationException",
      message: expect.stringMatching(/AWSStepFunctions has no operation "Dance" here.*CreateStateMachine.*StartSyncExecution/),
    });
  });

  test("an unknown service is told which there are", async () => {
    const response = await call("AmazonEC2.DescribeInstances", "ec2", "{}");
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(/dynamodb/) });
  });

  test.each([
    { name: "no JSON", body: "{" },
    { name: "a list", body: "[]" },
    { name: "depth", body: `${"[".repeat(200_000)}` },
    { name: "no UTF-8", body: new Uint8Array([0x22, 0xff, 0x22]) },
  ])("$name is refused", async ({ body }) => {
    const response = await call("DynamoDB_20120810.ListTables", "dynamodb", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: "SerializationException" });
  });

  test("what unpacks into too much is refused", async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(50_000_000, 32)));
    const response = await call("GraniteServiceVersion20100801.ListMetrics", "monitoring", bomb, { "content-encoding": "gzip" });
    expect(response.status).toBe(413);
  });

  test("a table's stream is read by DynamoDB Streams' own operations", async () => {
    const ask = async (target: string, request: object): Promise<Record<string, unknown>> => {
      const response = await call(target, "dynamodb", JSON.stringify(request));
      expect(response.status, target).toBe(200);
      return (await response.json()) as Record<string, unknown>;
    };
    const TableName = "wire-streamed";
    await ask("DynamoDB_20120810.CreateTable", {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
    });
    const Item = { id: { S: "a" }, n: { N: "1" } };
    await ask("DynamoDB_20120810.PutItem", { TableName, Item });
    const { Streams } = await ask("DynamoDBStreams_20120810.ListStreams", { TableName });
    const [{ StreamArn } = {}] = Streams as { StreamArn?: string }[];
    const { StreamDescription } = await ask("DynamoDBStreams_20120810.DescribeStream", { StreamArn });
    const [{ ShardId } = {}] = (StreamDescription as { Shards: { ShardId?: string }[] }).Shards;
    const request = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
    const { ShardIterator } = await ask("DynamoDBStreams_20120810.GetShardIterator", request);
    expect((await ask("DynamoDBStreams_20120810.GetRecords", { ShardIterator })).Records).toMatchObject([
      { eventName: "INSERT", awsRegion: bar.region, dynamodb: { Keys: { id: Item.id }, NewImage: Item } },
    ]);
    await ask("DynamoDB_20120810.DeleteTable", { TableName });
  });

  test("the version asked in is the version answered in", async () => {
    const response = await call("AWSEvents.ListEventBuses", "events", "{}", { "content-type": "application/x-amz-json-1.1" });
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
  });
});
