/** A new AWS service is one folder (`roastery/`) and one line: the first of `beforeAll`. It is answered in every protocol, called by workflows and listed. */
import { operationsTable } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../../platforms/local/src/aws/cbor.ts";
import { callSigned } from "../aws/sign.ts";
import { type AwsBar, account, openAwsBar, region } from "../aws/support.ts";
import { roastery } from "./roastery/service.ts";

let bar: AwsBar;
beforeAll(async () => {
  bar = await openAwsBar({ furtherServices: ({ clock }) => [roastery.on({ clock })] });
});
afterAll(() => bar.close());

interface Answer {
  readonly status: number;
  /** `CODE: MESSAGE` of a failure, however the protocol says it. */
  readonly error?: string;
  readonly body: JsonObject;
}
type Call = (operation: string, request: JsonObject) => Promise<Answer>;

const json =
  (version: string): Call =>
  async (operation, request) => {
    const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": `Roastery_20260601.${operation}` };
    const response = await callSigned(bar, { service: "roastery", headers, body: JSON.stringify(request) });
    expect(response.headers.get("content-type")).toBe(headers["content-type"]);
    return answerOf(response, (await response.json()) as JsonObject);
  };

const cbor: Call = async (operation, request) => {
  const response = await callSigned(bar, {
    service: "roastery",
    path: `/service/Roastery_20260601/operation/${operation}`,
    headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
    body: new Uint8Array(encodeCbor(request)),
  });
  expect(response.headers.get("smithy-protocol")).toBe("rpc-v2-cbor");
  return answerOf(response, decodeCbor(Buffer.from(await response.arrayBuffer())) as JsonObject);
};

function answerOf({ status, headers }: Response, body: JsonObject): Answer {
  if (status === 200) return { status, body };
  expect(headers.get("x-amzn-query-error")).toMatch(/;Sender$/);
  return { status, body, error: `${String(body.__type)}: ${String(body.message)}` };
}

describe.each([
  { name: "JSON 1.0", bean: "arabica", call: json("1.0") },
  { name: "JSON 1.1", bean: "robusta", call: json("1.1") },
  { name: "CBOR", bean: "liberica", call: cbor },
])("over $name", ({ bean, call }) => {
  test("it writes and reads, in pages", async () => {
    const RoastedAt = bar.clock.nowMs() / 1000;
    for (const Name of [`${bean}a`, `${bean}b`, `${bean}c`]) {
      expect(await call("PutBean", { Name })).toEqual({ status: 200, body: { RoastedAt } });
    }
    const first = await call("ListBeans", { Prefix: bean, MaxResults: 2 });
    expect(first.body).toMatchObject({ Beans: [{ Name: `${bean}a`, RoastedAt }, { Name: `${bean}b` }] });
    const NextToken = first.body.NextToken as string;
    expect((await call("ListBeans", { Prefix: bean, NextToken })).body).toEqual({ Beans: [{ Name: `${bean}c`, RoastedAt }] });
    expect(await call("ListBeans", { NextToken })).toMatchObject({ status: 400, error: "InvalidToken: No bean to go on from." });
  });

  test("it refuses in its own words", async () => {
    expect(await call("PutBean", { Name: "7" })).toMatchObject({
      status: 400,
      error: "InvalidBean: Name is no bean: Member must satisfy regular expression pattern: ^[a-z]+$",
    });
    expect(await call("PutBean", { Name: `${bean}a` })).toMatchObject({ status: 409, error: `BeanExists: There is a bean ${bean}a.` });
    expect(await call("EatBean", {})).toMatchObject({
      error: 'UnknownOperationException: Roastery_20260601 has no operation "EatBean" here, expected one of ListBeans, PutBean',
    });
  });
});

describe("over the query protocol", () => {
  const call = async (Action: string, parameters: Record<string, string>): Promise<[status: number, text: string]> => {
    const body = new URLSearchParams({ Action, Version: "2026-06-01", ...parameters }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const response = await callSigned(bar, { service: "roastery", headers, body });
    return [response.status, await response.text()];
  };

  test("it writes and reads, in pages", async () => {
    const instant = `<RoastedAt>${new Date(bar.clock.nowMs()).toISOString()}</RoastedAt>`;
    expect(await call("PutBean", { Name: "excelsaa" })).toEqual([
      200,
      expect.stringContaining(`<PutBeanResult>${instant}</PutBeanResult>`),
    ]);
    await call("PutBean", { Name: "excelsab" });
    const [, first] = await call("ListBeans", { Prefix: "excelsa", MaxResults: "1" });
    expect(first).toContain(`<Beans><member><Name>excelsaa</Name>${instant}</member></Beans>`);
    const NextToken = /<NextToken>(.+)<\/NextToken>/.exec(first)?.[1] ?? "";
    expect((await call("ListBeans", { Prefix: "excelsa", NextToken }))[1]).toContain("<Name>excelsab</Name>");
    expect(await call("ListBeans", { NextToken })).toEqual([400, expect.stringContaining("<Code>InvalidToken</Code>")]);
  });

  test("it refuses in its own words, by its older names", async () => {
    const invalid = "<Code>InvalidBean</Code><Message>Name is no bean: Member must not be null</Message>";
    expect(await call("PutBean", {})).toEqual([400, expect.stringContaining(invalid)]);
    expect(await call("PutBean", { Name: "excelsaa" })).toEqual([409, expect.stringContaining("<Code>Roastery.BeanThere</Code>")]);
    expect(await call("EatBean", {})).toEqual([400, expect.stringContaining("expected one of ListBeans, PutBean")]);
  });
});

describe("from a workflow", () => {
  let machines = 0;
  async function run(action: string, Parameters: JsonObject): Promise<JsonObject> {
    const { store, workflows } = bar.platform;
    const name = `roastery-${++machines}`;
    const Resource = `arn:aws:states:::aws-sdk:roastery:${action}`;
    const definition = { StartAt: "Task", States: { Task: { Type: "Task", Resource, Parameters, End: true } } };
    await store.transact((tx) => workflows.putStateMachine(tx, { name, type: "EXPRESS", definition }));
    return workflows.startSyncExecution({ stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${name}` });
  }

  test("it is called by its SDK's name", async () => {
    const RoastedAt = new Date(bar.clock.nowMs()).toISOString();
    expect(await run("putBean", { Name: "stenophylla" })).toMatchObject({ status: "SUCCEEDED", output: JSON.stringify({ RoastedAt }) });
    expect(await run("listBeans", { Prefix: "steno" })).toMatchObject({
      output: JSON.stringify({ Beans: [{ Name: "stenophylla", RoastedAt }] }),
    });
    expect(await run("putBean", { Name: "stenophylla" })).toMatchObject({
      status: "FAILED",
      error: "Roastery.BeanExistsException",
      cause: expect.stringMatching(/^There is a bean stenophylla. \(Service: Roastery, Status Code: 409, Request ID: /),
    });
  });
});

test("a change of it is an act in the audit log, a look is none", async () => {
  const { body } = await (await bar.admin()).call("GET", "/audit?maxItems=100");
  const what = (body as { acts: { what: string }[] }).acts.map((act) => act.what);
  expect(what).toContain("roastery:PutBean");
  expect(what).not.toContain("roastery:ListBeans");
});

test("it is in the list of what is there", () => {
  expect(operationsTable([roastery])).toContain("| Roastery | `roastery` | `aws-sdk:roastery` | `ListBeans`, `PutBean` |");
});
