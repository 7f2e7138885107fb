/** B1 and B2 of listing.ts, C1 to C3 of closed-store.ts, I1 of running-identities.ts. */
import type { JsonObject } from "@serverlesspresso/ports";
import { bringUpToDate, type ReadView, type Transaction } from "@serverlesspresso/store";
import { type Counts, counted } from "@serverlesspresso/store/counted";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "./record-kinds.ts";
import { ask, type Harness, openHarness, stateMachineArn } from "./testing.ts";

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
});
afterEach(async () => {
  const { errors } = h;
  await h.close();
  expect(errors).toEqual([]);
});

/** Waits, fails, times out or succeeds, as its input says. */
const order = {
  StartAt: "How?",
  States: {
    "How?": {
      Type: "Choice",
      Choices: [
        { Variable: "$.how", StringEquals: "fails", Next: "Fails" },
        { Variable: "$.how", StringEquals: "waits", Next: "Waits" },
      ],
      Default: "Ends",
    },
    Fails: { Type: "Fail", Error: "Spilt" },
    Waits: ask(""),
    Ends: { Type: "Succeed" },
  },
};
const cups = {
  StartAt: "Cups",
  States: {
    Cups: {
      Type: "Map",
      Label: "Cups",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Cup",
        States: { Cup: { Type: "Pass", End: true } },
      },
      End: true,
    },
  },
};

interface Page {
  readonly executions: readonly JsonObject[];
  readonly nextToken?: string;
}
const asked = (more: JsonObject): JsonObject => ({
  ...(more.mapRunArn === undefined && { stateMachineArn: stateMachineArn("Order") }),
  ...more,
});
const list = (more: JsonObject, view: ReadView = h.store): Page =>
  h.workflows.query(view, "ListExecutions", asked(more)) as unknown as Page;
const namesIn = ({ executions }: Page): unknown[] => executions.map(({ name }) => name);
const range = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: from - to + 1 }, (_, i) => `${prefix}${from - i}`);

async function start(how: string, count: number, qualifier = ""): Promise<string[]> {
  const arns = await h.store.transact((tx) =>
    Array.from({ length: count }, (_, i) => {
      const request = {
        stateMachineArn: stateMachineArn("Order") + qualifier,
        name: `${qualifier === "" ? "" : "v"}${how}${i}`,
        input: JSON.stringify({ how }),
      };
      return h.workflows.execute(tx, "StartExecution", request).executionArn as string;
    }),
  );
  // What exceeds a transaction goes on in others.
  await h.clock.advance(0);
  return arns;
}

/** Twelve that failed among hundreds that succeeded, two of them redriven, and as many as a full shop has under way. */
async function openShop(): Promise<void> {
  await h.define("Order", order);
  const failed = await start("fails", 12);
  await start("ends", 600);
  await start("waits", 60);
  for (const executionArn of failed.slice(3, 5)) await h.execute("RedriveExecution", { executionArn });
}

test.each([
  { what: "those that run", request: { statusFilter: "RUNNING" }, shows: range("waits", 59, 50) },
  { what: "all", request: {}, shows: range("waits", 59, 50) },
  { what: "those that succeeded", request: { statusFilter: "SUCCEEDED" }, shows: range("ends", 599, 590) },
  { what: "those that failed, long ago", request: { statusFilter: "FAILED" }, shows: range("fails", 11, 2) },
  { what: "those of an end that none had", request: { statusFilter: "TIMED_OUT" }, shows: [] },
  { what: "those that were redriven, long ago", request: { redriveFilter: "REDRIVEN" }, shows: ["fails4", "fails3"] },
  {
    what: "those that failed and were redriven",
    request: { statusFilter: "FAILED", redriveFilter: "REDRIVEN" },
    shows: ["fails4", "fails3"],
  },
  { what: "those that were not redriven", request: { redriveFilter: "NOT_REDRIVEN" }, shows: range("waits", 59, 50) },
  { what: "those of a version, long ago", request: { stateMachineArn: `${stateMachineArn("Order")}:1` }, shows: ["vends0"] },
])("B1: a page of $what costs the page, not all that there is", async ({ request, shows }) => {
  await h.define("Order", order);
  await h.execute("PublishStateMachineVersion", { stateMachineArn: stateMachineArn("Order") });
  await start("ends", 1, ":1");
  await openShop();
  const { view, counts } = counted(h.store);
  expect(namesIn(list({ maxResults: 10, ...request }, view))).toEqual(shows);
  expect(counts.records).toBeLessThanOrEqual(2 * 11 + 2);
  // To know that none of those that run were redriven, their keys are read.
  expect(counts.keys).toBeLessThanOrEqual(100);
});

test("B1: the pages that follow cost as much, and together they are all", async () => {
  await openShop();
  for (const request of [{ statusFilter: "FAILED" }, { statusFilter: "RUNNING" }, {}] satisfies JsonObject[]) {
    const found: unknown[] = [];
    let page: Page | undefined;
    do {
      const { view, counts } = counted(h.store);
      page = list({ ...request, maxResults: 7, ...(page?.nextToken !== undefined && { nextToken: page.nextToken }) }, view);
      found.push(...namesIn(page));
      expect(counts.records).toBeLessThanOrEqual(2 * 8 + 1);
    } while (page.nextToken !== undefined);
    expect(found).toEqual(namesIn(list({ ...request, maxResults: 1_000 })));
  }
});

test("B1: a page of a Map run's children costs the page, whatever other runs of the label left", async () => {
  await h.define("Maps", cups);
  const execution = async (name: string, count: number): Promise<string> => {
    const arn = await h.start(
      "Maps",
      Array.from({ length: count }, (_, i) => i),
      name,
    );
    await h.clock.advance(0);
    const { mapRuns } = h.workflows.query(h.store, "ListMapRuns", { executionArn: arn }) as { mapRuns: { mapRunArn: string }[] };
    return mapRuns[0]?.mapRunArn ?? "";
  };
  const few = await execution("few", 5);
  await execution("many", 500);
  for (const statusFilter of ["SUCCEEDED", undefined]) {
    const { view, counts } = counted(h.store);
    expect(list({ mapRunArn: few, ...(statusFilter !== undefined && { statusFilter }) }, view).executions).toHaveLength(5);
    expect(counts.records).toBeLessThanOrEqual(5 + 3);
  }
  const { view, counts } = counted(h.store);
  expect(list({ mapRunArn: few, statusFilter: "FAILED" }, view).executions).toEqual([]);
  expect(counts).toEqual({ records: 2, keys: 0 });
});

test("I1: in a transaction, what an admission asks reads keys alone", async () => {
  await openShop();
  await h.restart();
  const listed = (): Promise<{ counts: Counts; page: Page }> =>
    h.store.transact((tx: Transaction) => {
      const { view, counts } = counted(tx);
      const page = h.workflows.execute(view, "ListExecutions", asked({ statusFilter: "RUNNING", maxResults: 20 })) as unknown as Page;
      return { counts, page };
    });
  expect((await listed()).counts.records).toBe(21 + 1);
  const again = await listed();
  expect(namesIn(again.page)).toEqual(range("waits", 59, 40));
  expect(again.counts).toEqual({ records: 1, keys: 21 });
});

test("I1: one that is redriven is listed with it, and again when it is redriven once more", async () => {
  await h.define("Order", { StartAt: "Ask", States: { Ask: ask("") } });
  const [executionArn = ""] = await start("waits", 1);
  const running = (): Page => list({ statusFilter: "RUNNING" });
  for (const redriveCount of [0, 1, 2]) {
    expect(running().executions).toEqual([expect.objectContaining({ executionArn, redriveCount })]);
    await h.execute("StopExecution", { executionArn });
    expect(running().executions).toEqual([]);
    expect(list({ statusFilter: "ABORTED" }).executions).toEqual([expect.objectContaining({ executionArn, redriveCount })]);
    await h.execute("RedriveExecution", { executionArn });
    expect(list({ statusFilter: "ABORTED" }).executions).toEqual([]);
  }
});

test("I1: what starts in a transaction that is undone is not listed", async () => {
  await h.define("Order", order);
  await start("waits", 1);
  const undone = h.store.transact((tx) => {
    h.workflows.execute(tx, "StartExecution", { stateMachineArn: stateMachineArn("Order"), name: "undone", input: '{"how":"waits"}' });
    expect(namesIn(h.workflows.execute(tx, "ListExecutions", asked({})) as unknown as Page)).toEqual(["undone", "waits0"]);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(namesIn(list({ statusFilter: "RUNNING" }))).toEqual(["waits0"]);
});

test("C1: a folder of an earlier release gets its marks", async () => {
  await openShop();
  const requests: JsonObject[] = [{ statusFilter: "FAILED" }, { redriveFilter: "REDRIVEN" }];
  const before = requests.map((request) => list(request));
  await h.store.transact((tx) => tx.keys(kinds.marks.range()).forEach((key) => void tx.delete(key)));
  expect(requests.map((request) => list(request).executions)).toEqual([[], []]);
  const told: string[] = [];
  await bringUpToDate(h.store, (line) => void told.push(line));
  expect(told).toEqual(["closed executions: marks by which lists find them (version 2, 12 records)"]);
  expect(requests.map((request) => list(request))).toEqual(before);
});

test("C2: a folder whose executions are all forgotten has no marks", async () => {
  await h.close();
  h = await openHarness({ retentionDays: 1 });
  await openShop();
  for (const executionArn of list({ statusFilter: "RUNNING", maxResults: 100 }).executions.map(
    ({ executionArn }) => executionArn as string,
  ))
    await h.execute("StopExecution", { executionArn });
  await h.clock.advance(3 * 86_400_000);
  await expect.poll(() => [kinds.closed, kinds.marks].map((kind) => h.store.keys(kind.range()).length)).toEqual([0, 0]);
});
