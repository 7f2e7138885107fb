/**
 * Names that reach into JavaScript's prototypes are names like any other at the wire, and reach nothing. Without the SDK, which loses `__proto__`;
 * bodies are texts, so that they hold exactly these members.
 */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../../platforms/local/src/aws/cbor.ts";
import { eventually } from "../support/api.ts";
import { callSigned } from "./sign.ts";
import { type AwsBar, account, openAwsBar, region } from "./support.ts";

let bar: AwsBar;
beforeAll(async () => {
  bar = await openAwsBar();
});
afterAll(() => bar.close());
afterEach(() => {
  // Where a prototype was polluted, every object has these.
  expect(["S", "N", "M", "polluted", "size"].filter((name) => name in {} || name in [])).toEqual([]);
});

const table = "serverlesspresso-counting-table";
const names = ["__proto__", "constructor", "prototype", "toString"];

/** Calls by JSON 1.0; the answer as text. */
async function callText(service: string, target: string, body: string): Promise<string> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  const response = await callSigned(bar, { service, headers, body });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text;
}
const dynamodb = (operation: string, body: string): Promise<string> => callText("dynamodb", `DynamoDB_20120810.${operation}`, body);

const item = (id: string): string =>
  `{"PK":{"S":"${id}"},${names.map((name) => `"${name}":{"S":"${name}"}`)},"m":{"M":{"__proto__":{"M":{"constructor":{"M":{"prototype":{"N":"1"}}}}}}}}`;

test("attributes, through JSON", async () => {
  await dynamodb("PutItem", `{"TableName":"${table}","Item":${item("json")}}`);
  const got = await dynamodb("GetItem", `{"TableName":"${table}","Key":{"PK":{"S":"json"}},"ConsistentRead":true}`);
  expect(JSON.parse(got)).toEqual(JSON.parse(`{"Item":${item("json")}}`));
  for (const name of names) expect(got).toContain(`"${name}":{"S":"${name}"}`);

  const key = `"TableName":"${table}","Key":{"PK":{"S":"json"}}`;
  const expressions =
    '"ExpressionAttributeNames":{"#p":"__proto__","#c":"constructor"},"ExpressionAttributeValues":{":v":{"N":"2"},":s":{"S":"__proto__"}}';
  const update = '"UpdateExpression":"SET m.#p.#c = :v, #p = :v REMOVE #c","ConditionExpression":"#p = :s AND attribute_exists(m.#p.#c)"';
  expect(await dynamodb("UpdateItem", `{${key},${update},${expressions},"ReturnValues":"UPDATED_NEW"}`)).toBe(
    '{"Attributes":{"m":{"M":{"__proto__":{"M":{"constructor":{"N":"2"}}}}},"__proto__":{"N":"2"}}}',
  );
  const read = '"ProjectionExpression":"#p, #c, m.#p.#q","ExpressionAttributeNames":{"#p":"__proto__","#c":"constructor","#q":"prototype"}';
  expect(await dynamodb("GetItem", `{${key},${read}}`)).toBe('{"Item":{"__proto__":{"N":"2"}}}');
});

test("attributes, through CBOR", async () => {
  const call = async (operation: string, body: string): Promise<string> => {
    const response = await callSigned(bar, {
      service: "dynamodb",
      path: `/service/DynamoDB_20120810/operation/${operation}`,
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: new Uint8Array(encodeCbor(JSON.parse(body))),
    });
    const answer = JSON.stringify(decodeCbor(Buffer.from(await response.arrayBuffer())));
    expect(response.status, answer).toBe(200);
    return answer;
  };
  await call("PutItem", `{"TableName":"${table}","Item":${item("cbor")}}`);
  const got = await call("GetItem", `{"TableName":"${table}","Key":{"PK":{"S":"cbor"}},"ConsistentRead":true}`);
  expect(got).toBe(`{"Item":${item("cbor")}}`);
});

test("a table and its key", async () => {
  const key =
    '"KeySchema":[{"AttributeName":"__proto__","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"__proto__","AttributeType":"S"}]';
  await dynamodb("CreateTable", `{"TableName":"__proto__","BillingMode":"PAY_PER_REQUEST",${key}}`);
  await dynamodb("PutItem", '{"TableName":"__proto__","Item":{"__proto__":{"S":"a"}}}');
  await dynamodb("PutItem", '{"TableName":"__proto__","Item":{"__proto__":{"S":"b"}}}');
  const batch = await dynamodb("BatchGetItem", '{"RequestItems":{"__proto__":{"Keys":[{"__proto__":{"S":"a"}}]}}}');
  expect(batch).toBe('{"Responses":{"__proto__":[{"__proto__":{"S":"a"}}]},"UnprocessedKeys":{}}');
  expect(await dynamodb("Scan", '{"TableName":"__proto__","Limit":1}')).toContain('"LastEvaluatedKey":{"__proto__":{"S":');
  await dynamodb("DeleteTable", '{"TableName":"__proto__"}');
});

const input = '{"__proto__":{"polluted":true,"size":3},"constructor":{"prototype":{"polluted":true}},"list":[{"__proto__":1}]}';
const definitions = {
  "JSONPath takes and puts them": [
    {
      Type: "Pass",
      Parameters: { "__proto__.$": "$['__proto__']", "all.$": "$", "sizes.$": "$..size" },
      ResultPath: "$['__proto__'].made",
      End: true,
    },
    '{"__proto__":{"polluted":true,"size":3,"made":{"__proto__":{"polluted":true,"size":3},"all":' +
      `${input},"sizes":[3]}},"constructor":{"prototype":{"polluted":true}},"list":[{"__proto__":1}]}`,
  ],
  "intrinsic functions keep them": [
    {
      Type: "Pass",
      Parameters: { "merged.$": "States.JsonMerge($, $.list[0], false)" },
      End: true,
    },
    '{"merged":{"__proto__":1,"constructor":{"prototype":{"polluted":true}},"list":[{"__proto__":1}]}}',
  ],
  "a Map hands them on": [
    { Type: "Map", ItemsPath: "$.list", ItemProcessor: { StartAt: "One", States: { One: { Type: "Pass", End: true } } }, End: true },
    '[{"__proto__":1}]',
  ],
} as const;

test.each(Object.entries(definitions))("a workflow's input: %s", async (name, [state, expected]) => {
  const states = async (operation: string, request: object) =>
    JSON.parse(await callText("states", `AWSStepFunctions.${operation}`, JSON.stringify(request))) as Record<string, string>;
  const machine = name.replaceAll(/\W/g, "-");
  const definition = JSON.stringify({ StartAt: "Do", States: { Do: state } });
  await states("CreateStateMachine", { name: machine, definition, roleArn: `arn:aws:iam::${account}:role/any` });
  const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${machine}`;
  const { executionArn } = await states("StartExecution", { stateMachineArn, input });
  const output = await eventually("the end", async () => {
    const execution = await states("DescribeExecution", { executionArn });
    return execution.status === "RUNNING" ? undefined : (execution.output ?? JSON.stringify(execution));
  });
  expect(output).toBe(expected);
  expect(await callText("states", "AWSStepFunctions.GetExecutionHistory", JSON.stringify({ executionArn }))).toContain("__proto__");
});

test("JSONata sees an input's members and passes none on to prototypes", async () => {
  const state = { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $states.input.list[0] %}", End: true };
  const body = JSON.stringify({ definition: JSON.stringify(state), input, inspectionLevel: "INFO" });
  expect(JSON.parse(await callText("states", "AWSStepFunctions.TestState", body))).toMatchObject({ status: "SUCCEEDED" });
});

test("an event's detail is matched and delivered with them", async () => {
  const events = (operation: string, request: object) => callText("events", `AWSEvents.${operation}`, JSON.stringify(request));
  const sqs = async (operation: string, request: object) =>
    JSON.parse(await callText("sqs", `AmazonSQS.${operation}`, JSON.stringify(request))) as {
      QueueUrl: string;
      Messages?: { Body: string }[];
    };
  const { QueueUrl } = await sqs("CreateQueue", { QueueName: "named" });
  const rule = { Name: "Named", EventBusName: "Serverlesspresso" };
  const EventPattern = '{"source":["names"],"detail":{"__proto__":{"size":[3]},"constructor":{"prototype":{"polluted":[true]}}}}';
  await events("PutRule", { ...rule, EventPattern });
  await events("PutTargets", {
    Rule: rule.Name,
    EventBusName: rule.EventBusName,
    Targets: [{ Id: "1", Arn: `arn:aws:sqs:${region}:${account}:named` }],
  });
  const entry = (Detail: string) => ({ EventBusName: rule.EventBusName, Source: "names", DetailType: "Made", Detail });
  await events("PutEvents", { Entries: [entry(input), entry('{"constructor":{"prototype":{"polluted":true}}}')] });
  await bar.quiet();
  const { Messages = [] } = await sqs("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
  expect(Messages.length).toBe(1);
  expect(Messages[0]?.Body).toContain(`"detail":${input}`);
});
