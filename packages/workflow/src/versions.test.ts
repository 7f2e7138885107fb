/** V1 to V3 of versions.ts; aliases. */
import { createIds, createManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Harness, openHarness, stateMachineArn } from "./testing.ts";

let h: Harness;
let random = 0;
beforeEach(async () => {
  const ids = createIds(createManualClock());
  h = await openHarness({ ids: { ...ids, random: () => random } });
});
afterEach(async () => {
  const { errors } = h;
  await h.close();
  expect(errors).toEqual([]);
});

const arn = stateMachineArn("Order");
const says = (Result: string): string => JSON.stringify({ StartAt: "Say", States: { Say: { Type: "Pass", Result, End: true } } });
const roleArn = "arn:aws:iam::123456789012:role/any";
const create = (more: JsonObject = {}) => h.execute("CreateStateMachine", { name: "Order", definition: says("one"), roleArn, ...more });
const update = (definition: string, more: JsonObject = {}) =>
  h.execute("UpdateStateMachine", { stateMachineArn: arn, definition, ...more });
const publish = (more: JsonObject = {}) => h.execute("PublishStateMachineVersion", { stateMachineArn: arn, ...more });
const query = (operation: string, request: JsonObject): JsonObject => h.workflows.query(h.store, operation, request);
const listed = (more: JsonObject = {}): string[] =>
  (query("ListStateMachineVersions", { stateMachineArn: arn, ...more }).stateMachineVersions as JsonObject[]).map(
    ({ stateMachineVersionArn }) => stateMachineVersionArn as string,
  );
const outputOf = async (stateMachineArn: string): Promise<JsonObject> => {
  const { executionArn } = await h.execute("StartExecution", { stateMachineArn });
  return h.describe(executionArn as string);
};

describe("versions", () => {
  test("V1: numbers count up and are not given again; the newest is listed first", async () => {
    expect(await create({ publish: true })).toMatchObject({ stateMachineArn: arn, stateMachineVersionArn: `${arn}:1` });
    expect(await update(says("two"), { publish: true })).toMatchObject({
      stateMachineVersionArn: `${arn}:2`,
      revisionId: expect.any(String),
    });
    await h.execute("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:2` });
    await h.execute("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:2` });
    expect((await publish()).stateMachineVersionArn).toBe(`${arn}:3`);
    expect(listed()).toEqual([`${arn}:3`, `${arn}:1`]);
    const first = query("ListStateMachineVersions", { stateMachineArn: arn, maxResults: 1 });
    expect(listed({ nextToken: first.nextToken as string })).toEqual([`${arn}:1`]);
  });

  test("V2: publishing again what is published makes nothing new", async () => {
    await create();
    expect([(await publish()).stateMachineVersionArn, (await publish()).stateMachineVersionArn]).toEqual([`${arn}:1`, `${arn}:1`]);
    expect(await h.execute("UpdateStateMachine", { stateMachineArn: arn, publish: true })).toMatchObject({
      stateMachineVersionArn: `${arn}:1`,
    });
    expect(listed()).toEqual([`${arn}:1`]);
  });

  test("a version is what the machine was", async () => {
    await create({ publish: true, versionDescription: "the first" });
    await h.clock.advance(1_000);
    await update(says("two"));
    expect(query("DescribeStateMachine", { stateMachineArn: `${arn}:1` })).toMatchObject({
      stateMachineArn: `${arn}:1`,
      name: "Order",
      definition: says("one"),
      description: "the first",
      creationDate: h.clock.nowMs() / 1_000 - 1,
    });
    expect(query("DescribeStateMachine", { stateMachineArn: arn })).toMatchObject({ stateMachineArn: arn, definition: says("two") });
    expect(await outputOf(`${arn}:1`)).toMatchObject({ output: '"one"', stateMachineArn: arn, stateMachineVersionArn: `${arn}:1` });
    expect(await outputOf(arn)).toMatchObject({ output: '"two"' });
    expect(await outputOf(arn)).not.toHaveProperty("stateMachineVersionArn");
  });

  test("only the revision that is meant is published", async () => {
    await create();
    expect(query("DescribeStateMachine", { stateMachineArn: arn })).not.toHaveProperty("revisionId");
    const { revisionId: second } = await update(says("two"));
    const { revisionId: third } = await update(says("three"));
    await expect(publish({ revisionId: second as string })).rejects.toMatchObject({
      code: "ConflictException",
      message: `Failed to publish the State Machine version for revision ${second}. The current State Machine revision is ${third}.`,
    });
    expect((await publish({ revisionId: third as string, description: "d" })).stateMachineVersionArn).toBe(`${arn}:1`);
    expect(query("DescribeStateMachine", { stateMachineArn: `${arn}:1` })).toMatchObject({ revisionId: third, description: "d" });
  });

  test("creating the same again, published, answers its version; otherwise it is another machine", async () => {
    const first = await create({ publish: true, versionDescription: "d" });
    expect(await create({ publish: true, versionDescription: "d", roleArn: `${roleArn}2` })).toEqual(first);
    await expect(create({ publish: true, versionDescription: "e" })).rejects.toMatchObject({ code: "StateMachineAlreadyExists" });
    await expect(create({ definition: says("two") })).rejects.toMatchObject({ code: "StateMachineAlreadyExists" });
    expect(query("DescribeStateMachine", { stateMachineArn: arn }).roleArn).toBe(roleArn);
  });

  test.each([
    { what: "a description of nothing", run: () => create({ versionDescription: "d" }), code: "ValidationException" },
    {
      what: "an update of a version",
      run: () => h.execute("UpdateStateMachine", { stateMachineArn: `${arn}:1`, publish: true }),
      code: "StateMachineDoesNotExist",
    },
    { what: "a start of none", run: () => h.execute("StartExecution", { stateMachineArn: `${arn}:7` }), code: "StateMachineDoesNotExist" },
    {
      what: "a description of none",
      run: () => h.execute("DescribeStateMachine", { stateMachineArn: `${arn}:7` }),
      code: "StateMachineDoesNotExist",
    },
    {
      what: "publishing a machine that is not there",
      run: () => publish({ stateMachineArn: stateMachineArn("None") }),
      code: "StateMachineDoesNotExist",
    },
    {
      what: "deleting a machine as a version",
      run: () => h.execute("DeleteStateMachineVersion", { stateMachineVersionArn: arn }),
      code: "InvalidArn",
    },
    {
      what: "an update of nothing",
      run: () => h.execute("UpdateStateMachine", { stateMachineArn: arn }),
      code: "MissingRequiredParameter",
    },
  ])("refused: $what", async ({ run, code }) => {
    if (code !== "ValidationException") await create();
    await expect(run()).rejects.toMatchObject({ code });
  });

  test("executions know their version and are found by it; also after its deletion, and a redrive", async () => {
    const definition = JSON.stringify({ StartAt: "No", States: { No: { Type: "Fail" } } });
    await create({ definition, publish: true });
    const { executionArn } = await h.execute("StartExecution", { stateMachineArn: `${arn}:1` });
    await outputOf(arn);
    await h.execute("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:1` });
    await h.execute("RedriveExecution", { executionArn: executionArn as string });
    const found = query("ListExecutions", { stateMachineArn: `${arn}:1` }).executions as JsonObject[];
    expect(found).toMatchObject([{ executionArn, stateMachineArn: arn, stateMachineVersionArn: `${arn}:1`, redriveCount: 1 }]);
    expect(query("ListExecutions", { stateMachineArn: arn }).executions).toHaveLength(2);
    const [begun] = query("GetExecutionHistory", { executionArn: executionArn as string }).events as JsonObject[];
    expect(begun?.executionStartedEventDetails).toMatchObject({ stateMachineVersionArn: `${arn}:1` });
    expect(query("DescribeStateMachineForExecution", { executionArn: executionArn as string }).stateMachineArn).toBe(arn);
  });

  test("a machine takes its versions and aliases with it; one of the same name begins at 1", async () => {
    await create({ publish: true });
    await update(says("two"), { publish: true });
    await alias("live", [[2, 100]]);
    await h.execute("DeleteStateMachine", { stateMachineArn: arn });
    expect(listed()).toEqual([]);
    await create();
    expect([listed(), aliases()]).toEqual([[], []]);
    expect((await publish()).stateMachineVersionArn).toBe(`${arn}:1`);
  });

  test("an Express machine's version answers at once", async () => {
    await create({ type: "EXPRESS", publish: true });
    await update(says("two"));
    const answer = await h.workflows.startSyncExecution({ stateMachineArn: `${arn}:1` });
    expect(answer).toMatchObject({ status: "SUCCEEDED", output: '"one"' });
  });
});

const routes = (pairs: readonly (readonly [number | string, number])[]): JsonObject[] =>
  pairs.map(([version, weight]) => ({ stateMachineVersionArn: `${arn}:${version}`, weight }));
const alias = (name: string, pairs: readonly (readonly [number | string, number])[], more: JsonObject = {}) =>
  h.execute("CreateStateMachineAlias", { name, routingConfiguration: routes(pairs), ...more });
const aliases = (stateMachineArn = arn): string[] =>
  (query("ListStateMachineAliases", { stateMachineArn }).stateMachineAliases as JsonObject[]).map(({ stateMachineAliasArn }) =>
    (stateMachineAliasArn as string).slice(arn.length + 1),
  );

describe("aliases", () => {
  beforeEach(async () => {
    await create({ publish: true });
    await update(says("two"), { publish: true });
  });

  test("one leads to its version, until it is told otherwise", async () => {
    const { stateMachineAliasArn } = await alias("live", [[1, 100]]);
    expect(stateMachineAliasArn).toBe(`${arn}:live`);
    expect(await outputOf(`${arn}:live`)).toMatchObject({
      output: '"one"',
      stateMachineArn: arn,
      stateMachineVersionArn: `${arn}:1`,
      stateMachineAliasArn: `${arn}:live`,
    });
    const createdMs = h.clock.nowMs();
    await h.clock.advance(2_000);
    expect(
      await h.execute("UpdateStateMachineAlias", { stateMachineAliasArn: `${arn}:live`, routingConfiguration: routes([[2, 100]]) }),
    ).toEqual({
      updateDate: createdMs / 1_000 + 2,
    });
    await h.execute("UpdateStateMachineAlias", { stateMachineAliasArn: `${arn}:live`, description: "said later" });
    expect(query("DescribeStateMachineAlias", { stateMachineAliasArn: `${arn}:live` })).toEqual({
      stateMachineAliasArn: `${arn}:live`,
      name: "live",
      description: "said later",
      routingConfiguration: routes([[2, 100]]),
      creationDate: createdMs / 1_000,
      updateDate: createdMs / 1_000 + 2,
    });
    expect(await outputOf(`${arn}:live`)).toMatchObject({ output: '"two"' });
    expect(query("ListExecutions", { stateMachineArn: `${arn}:live` }).executions).toHaveLength(2);
    expect(query("ListExecutions", { stateMachineArn: `${arn}:2` }).executions).toHaveLength(1);
  });

  test.each([
    { at: 0, output: '"one"' },
    { at: 0.2999, output: '"one"' },
    { at: 0.3, output: '"two"' },
    { at: 0.9999, output: '"two"' },
  ])("chance divides starts by weight: at $at it is $output", async ({ at, output }) => {
    await alias("live", [
      [1, 30],
      [2, 70],
    ]);
    random = at;
    expect(await outputOf(`${arn}:live`)).toMatchObject({ output });
  });

  test("no start goes to a version of weight 0", async () => {
    await alias("live", [
      [1, 0],
      [2, 100],
    ]);
    random = 0;
    expect(await outputOf(`${arn}:live`)).toMatchObject({ output: '"two"' });
  });

  test("lists: all, or those of a version; a deleted one is gone, and once more is no matter", async () => {
    await alias("b", [[1, 100]]);
    await alias("a", [[2, 100]]);
    expect([aliases(), aliases(`${arn}:1`)]).toEqual([["a", "b"], ["b"]]);
    const { nextToken } = query("ListStateMachineAliases", { stateMachineArn: arn, maxResults: 1 });
    expect(query("ListStateMachineAliases", { stateMachineArn: arn, nextToken: nextToken as string }).stateMachineAliases).toHaveLength(1);
    for (let i = 0; i < 2; i++) await h.execute("DeleteStateMachineAlias", { stateMachineAliasArn: `${arn}:b` });
    expect(aliases()).toEqual(["a"]);
    await expect(outputOf(`${arn}:b`)).rejects.toMatchObject({ code: "StateMachineDoesNotExist" });
  });

  test("the same again is the same; another under its name is refused", async () => {
    const first = await alias("live", [[1, 100]]);
    expect(await alias("live", [[1, 100]])).toEqual(first);
    await expect(alias("live", [[2, 100]])).rejects.toMatchObject({ code: "ConflictException" });
    await expect(alias("live", [[1, 100]], { description: "d" })).rejects.toMatchObject({ code: "ConflictException" });
  });

  test("V3: a version that an alias points to stays", async () => {
    await alias("live", [[1, 100]]);
    await expect(h.execute("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:1` })).rejects.toMatchObject({
      code: "ConflictException",
      message: "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live]",
    });
    expect(listed()).toHaveLength(2);
  });

  test.each([
    {
      what: "weights below 100",
      pairs: [
        [1, 70],
        [2, 29],
      ],
      message: "Sum of routing configuration weights must equal 100. Received: [70, 29]",
    },
    {
      what: "one version twice",
      pairs: [
        [1, 50],
        [1, 50],
      ],
      message: `distinct state machine version ARNs. Received: [${arn}:1, ${arn}:1]`,
    },
    { what: "an alias of an alias", pairs: [["live", 100]], message: `must contain state machine version ARNs. Received: [${arn}:live]` },
    {
      what: "three versions",
      pairs: [
        [1, 50],
        [2, 30],
        [3, 20],
      ],
      message: "routingConfiguration",
    },
    { what: "a weight above 100", pairs: [[1, 101]], message: "weight" },
    { what: "a version that is not there", pairs: [[9, 100]], message: "Request references a resource that does not exist." },
  ] as const)("refused: $what", async ({ pairs, message }) => {
    await expect(alias("live", pairs)).rejects.toMatchObject({ message: expect.stringContaining(message) });
    expect(aliases()).toEqual([]);
  });

  test.each(["123", "A B", "!no", "at@", "", "A".repeat(81)])("refused as a name: %j", async (name) => {
    await expect(alias(name, [[1, 100]])).rejects.toMatchObject({ code: "ValidationException" });
  });

  test("what is not there is not described or updated", async () => {
    const stateMachineAliasArn = `${arn}:none`;
    await expect(h.execute("DescribeStateMachineAlias", { stateMachineAliasArn })).rejects.toMatchObject({ code: "ResourceNotFound" });
    await expect(h.execute("UpdateStateMachineAlias", { stateMachineAliasArn, description: "d" })).rejects.toMatchObject({
      code: "ResourceNotFound",
    });
    await expect(h.execute("UpdateStateMachineAlias", { stateMachineAliasArn })).rejects.toMatchObject({ code: "ValidationException" });
  });
});
