import { SFNClient, TestStateCommand } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient({ ...bar.client, disableHostPrefix: true });
});
afterAll(() => bar.close());

const tested = (definition: object, input: object = {}, more: object = {}) =>
  states.send(
    new TestStateCommand({ definition: JSON.stringify(definition), input: JSON.stringify(input), inspectionLevel: "TRACE", ...more }),
  );

test("a Task without a mock is performed, once", async () => {
  const queues = new SQSClient(bar.client);
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: "Tested" }));
  const Parameters = { QueueUrl, "MessageBody.$": "States.UUID()" };
  const definition = { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Parameters, ResultPath: "$.sent", Next: "N" };
  const { status, output = "", nextState, inspectionData } = await tested(definition);
  expect([status, nextState]).toEqual(["SUCCEEDED", "N"]);
  const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map(({ MessageId }) => MessageId)).toEqual([JSON.parse(output).sent.MessageId]);
  expect(JSON.parse(inspectionData?.afterParameters ?? "").MessageBody).toBe(Messages[0]?.Body);
  const { acts } = (await (await bar.admin()).call<{ acts: { what: string }[] }>("GET", "/audit")).body;
  expect(acts.map(({ what }) => what)).toContain("states:TestState");
});

test("a function is called; what is not there fails, and is caught", async () => {
  const Resource = `arn:aws:lambda:us-east-1:${account}:function:NotHere`;
  const Catch = [{ ErrorEquals: ["Lambda.ResourceNotFoundException"], Next: "Sorry" }];
  expect(await tested({ Type: "Task", Resource, Catch, End: true })).toMatchObject({ status: "CAUGHT_ERROR", nextState: "Sorry" });
  const get = {
    Type: "Task",
    Resource: "arn:aws:states:::dynamodb:getItem",
    Parameters: { TableName: "Nowhere", Key: { a: { S: "b" } } },
    End: true,
  };
  expect(await tested(get)).toMatchObject({ status: "FAILED", error: expect.stringContaining("ResourceNotFound") });
  expect(bar.errors).toEqual([]);
});

test.each(["arn:aws:states:::sqs:sendMessage.waitForTaskToken", `arn:aws:states:us-east-1:${account}:activity:Roast`])(
  "what comes later needs a mock: %s",
  async (Resource) => {
    await expect(tested({ Type: "Task", Resource, End: true })).rejects.toMatchObject({ name: "ValidationException" });
    const mocked = await tested({ Type: "Task", Resource, End: true }, {}, { mock: { result: "7" } });
    expect(mocked).toMatchObject({ status: "SUCCEEDED", output: "7" });
  },
);

test("the items of a CSV file are told as the state would have them", async () => {
  const definition = {
    Type: "Map",
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      Parameters: { Bucket: "b", Key: "k" },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "P",
      States: { P: { Type: "Pass", End: true } },
    },
    ItemBatcher: { MaxItemsPerBatch: 2 },
    End: true,
  };
  const more = { mock: { result: "[]" }, stateConfiguration: { mapItemReaderData: "drink,size\nLatte,2\n" } };
  const { inspectionData } = await tested(definition, {}, more);
  expect(JSON.parse(inspectionData?.afterItemBatcher ?? "")).toEqual([{ Items: [{ drink: "Latte", size: "2" }] }]);
});
