import { IoTDataPlaneClient, PublishCommand } from "@aws-sdk/client-iot-data-plane";
import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import mqtt from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/api.ts";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
let functions: LambdaClient;
beforeAll(async () => {
  bar = await openAwsBar();
  functions = new LambdaClient(bar.client);
  bar.platform.functions.register("Echo", async (event) => ({ got: event }));
  bar.platform.functions.register("Broken", async () => {
    throw new TypeError("no milk");
  });
});
afterAll(() => bar.close());

const invoke = (FunctionName: string, Payload: string, more = {}) =>
  functions.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(Payload), ...more }));

test.each(["Echo", "arn:aws:lambda:us-east-1:123456789012:function:Echo"])("%s is invoked and answers", async (name) => {
  const { StatusCode, Payload, FunctionError, ExecutedVersion } = await invoke(name, '{"size":3}');
  expect([StatusCode, FunctionError, ExecutedVersion]).toEqual([200, undefined, "$LATEST"]);
  expect(Payload?.transformToString()).toBe('{"got":{"size":3}}');
});

test("a failure of the function is an answer that says so", async () => {
  const { StatusCode, Payload, FunctionError } = await invoke("Broken", "{}");
  expect([StatusCode, FunctionError]).toEqual([200, "Unhandled"]);
  expect(JSON.parse(Payload?.transformToString() ?? "")).toMatchObject({ errorType: "TypeError", errorMessage: "no milk" });
});

test("an event is taken, a dry run does nothing", async () => {
  expect((await invoke("Echo", "{}", { InvocationType: "Event" })).StatusCode).toBe(202);
  expect((await invoke("Broken", "{}", { InvocationType: "DryRun" })).StatusCode).toBe(204);
});

test.each([
  { name: "ResourceNotFoundException", status: 404, call: () => invoke("None", "{}") },
  { name: "InvalidRequestContentException", status: 400, call: () => invoke("Echo", "{") },
])("errors keep AWS's name and status: $name", async ({ name, status, call }) => {
  await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
});

test("functions are listed, page by page", async () => {
  const first = await functions.send(new ListFunctionsCommand({ MaxItems: 2 }));
  expect(first.Functions?.length).toBe(2);
  const second = await functions.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
  expect(second.Functions?.map(({ FunctionName }) => FunctionName)).toContain("Echo");
  const { Configuration } = await functions.send(new GetFunctionCommand({ FunctionName: "Echo" }));
  expect(Configuration).toMatchObject({ FunctionName: "Echo", Timeout: 3 });
});

test("a message is published to a topic", async () => {
  const topic = "serverlesspresso-config";
  const { token } = await bar.admin();
  const link = await mqtt.connectAsync(`${bar.url.replace("http", "ws")}/mqtt`, { username: token, password: token, protocolVersion: 4 });
  const got: string[] = [];
  link.on("message", (from, payload) => void got.push(`${from} ${payload}`));
  await link.subscribeAsync(topic, { qos: 1 });
  const topics = new IoTDataPlaneClient(bar.client);
  await topics.send(new PublishCommand({ topic, qos: 1, payload: Buffer.from('{"note":"hello"}') }));
  expect(await eventually("the message", async () => got[0])).toBe(`${topic} {"note":"hello"}`);
  await link.endAsync();
  await expect(topics.send(new PublishCommand({ topic: "all/#", payload: Buffer.from("{}") }))).rejects.toMatchObject({
    name: "InvalidRequestException",
  });
});
