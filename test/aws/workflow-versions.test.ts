import {
  CreateActivityCommand,
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineAliasCommand,
  DeleteStateMachineVersionCommand,
  DescribeExecutionCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  ListStateMachineAliasesCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
  PublishStateMachineVersionCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
beforeAll(async () => {
  bar = await openAwsBar();
  // StartSyncExecution has a host of its own on AWS, which does not exist here.
  states = new SFNClient({ ...bar.client, disableHostPrefix: true });
});
afterAll(() => bar.close());

const roleArn = `arn:aws:iam::${account}:role/any`;
const says = (Result: string): string => JSON.stringify({ StartAt: "Say", States: { Say: { Type: "Pass", Result, End: true } } });
const route = (stateMachineVersionArn: string, weight: number) => ({ stateMachineVersionArn, weight });

/** Starts an execution and answers what there is to know of it. */
async function run(stateMachineArn: string) {
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  return states.send(new DescribeExecutionCommand({ executionArn }));
}

test("versions are published, run, listed and deleted; an alias moves from one to the next", async () => {
  const created = await states.send(
    new CreateStateMachineCommand({ name: "Say", definition: says("one"), roleArn, publish: true, versionDescription: "the first" }),
  );
  const { stateMachineArn = "", stateMachineVersionArn: first = "" } = created;
  expect(first).toBe(`${stateMachineArn}:1`);
  const updated = await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: says("two") }));
  const published = await states.send(new PublishStateMachineVersionCommand({ stateMachineArn, ...updated }));
  const { stateMachineVersionArn: second = "" } = published;
  expect(published).toMatchObject({ stateMachineVersionArn: `${stateMachineArn}:2`, creationDate: new Date(bar.clock.nowMs()) });
  expect(await states.send(new DescribeStateMachineCommand({ stateMachineArn: first }))).toMatchObject({
    definition: says("one"),
    description: "the first",
  });

  const { stateMachineAliasArn = "" } = await states.send(
    new CreateStateMachineAliasCommand({ name: "live", routingConfiguration: [route(first, 100)] }),
  );
  expect(await run(stateMachineAliasArn)).toMatchObject({
    output: '"one"',
    stateMachineArn,
    stateMachineVersionArn: first,
    stateMachineAliasArn,
  });
  await states.send(
    new UpdateStateMachineAliasCommand({
      stateMachineAliasArn,
      description: "half",
      routingConfiguration: [route(first, 50), route(second, 50)],
    }),
  );
  const outputs = new Set<string | undefined>();
  for (let i = 0; i < 40; i++) outputs.add((await run(stateMachineAliasArn)).output);
  expect([...outputs].sort()).toEqual(['"one"', '"two"']);
  expect(await states.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }))).toMatchObject({
    name: "live",
    description: "half",
    routingConfiguration: [route(first, 50), route(second, 50)],
  });

  await expect(states.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: first }))).rejects.toMatchObject({
    name: "ConflictException",
    $metadata: { httpStatusCode: 409 },
  });
  const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn: first }));
  expect(executions.length).toBeGreaterThan(1);
  for (const { stateMachineVersionArn } of executions) expect(stateMachineVersionArn).toBe(first);
  const { stateMachineAliases = [] } = await states.send(new ListStateMachineAliasesCommand({ stateMachineArn: second }));
  expect(stateMachineAliases.map((alias) => alias.stateMachineAliasArn)).toEqual([stateMachineAliasArn]);
  await states.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn }));
  await states.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: first }));
  const { stateMachineVersions = [] } = await states.send(new ListStateMachineVersionsCommand({ stateMachineArn }));
  expect(stateMachineVersions.map((version) => version.stateMachineVersionArn)).toEqual([second]);
  await expect(run(first)).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
});

test("an Express version answers with its end", async () => {
  const { stateMachineArn, stateMachineVersionArn } = await states.send(
    new CreateStateMachineCommand({ name: "Quick", type: "EXPRESS", definition: says("one"), roleArn, publish: true }),
  );
  await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: says("two") }));
  expect((await states.send(new StartSyncExecutionCommand({ stateMachineArn: stateMachineVersionArn }))).output).toBe('"one"');
  expect((await states.send(new StartSyncExecutionCommand({ stateMachineArn }))).output).toBe('"two"');
});

test("routing that does not add up, and what is not there, are refused", async () => {
  const { stateMachineArn = "", stateMachineVersionArn: first = "" } = await states.send(
    new CreateStateMachineCommand({ name: "Refuse", definition: says("one"), roleArn, publish: true }),
  );
  const alias = (...routingConfiguration: ReturnType<typeof route>[]) =>
    states.send(new CreateStateMachineAliasCommand({ name: "live", routingConfiguration }));
  await expect(alias(route(first, 99))).rejects.toMatchObject({ name: "ValidationException" });
  await expect(alias(route(stateMachineArn, 100))).rejects.toMatchObject({ name: "ValidationException" });
  await expect(alias(route(`${stateMachineArn}:9`, 100))).rejects.toMatchObject({ name: "ResourceNotFound" });
  await expect(states.send(new PublishStateMachineVersionCommand({ stateMachineArn, revisionId: "another" }))).rejects.toMatchObject({
    name: "ConflictException",
  });
});

test("state machines and activities carry tags", async () => {
  const tags = [{ key: "team", value: "bar" }];
  const { stateMachineArn = "" } = await states.send(
    new CreateStateMachineCommand({ name: "Tagged", definition: says("one"), roleArn, tags }),
  );
  const { activityArn = "" } = await states.send(new CreateActivityCommand({ name: "TaggedToo", tags }));
  for (const resourceArn of [stateMachineArn, activityArn]) {
    await states.send(new TagResourceCommand({ resourceArn, tags: [{ key: "cost", value: "1" }] }));
    await states.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
    expect((await states.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([{ key: "cost", value: "1" }]);
    const many = Array.from({ length: 50 }, (_, i) => ({ key: `k${i}`, value: "" }));
    await expect(states.send(new TagResourceCommand({ resourceArn, tags: many }))).rejects.toMatchObject({ name: "TooManyTags" });
  }
  await expect(states.send(new ListTagsForResourceCommand({ resourceArn: `${stateMachineArn}X` }))).rejects.toMatchObject({
    name: "ResourceNotFound",
  });
});
