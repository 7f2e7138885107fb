/** Every journey of OrderProcessorWorkflow, its definition run with the mocks beside it by `npm run asl -- test`. */
import type { JsonObject } from "@serverlesspresso/ports";
import { beforeAll, describe, expect, test } from "vitest";
import { asl, type CaseJson, walked } from "./asl.ts";

const words = [
  ...["test", "blueprint/workflows/order-processor.asl.json", "--mocks", "blueprint/workflows/MockConfigFile.json"],
  ...["--machine", "OrderProcessorWorkflow", "--input", '{"detail":{"orderId":"1","userId":"testuser"}}'],
];
const shop = "DynamoDB Get Shop Status";
const first = `${shop} > ListExecutions > Emit - Workflow Started TT`;
const second = `${first} > Generate Order Number > Emit - Awaiting Completion TT`;
const finished = "Emit - order finished";
const lateChoice = `${first} > Close for the guest`;
const lateBar = `${second} > Close for the bar`;
const read = "Read order at the end";

const journeys = [
  { name: "Closed", seconds: 0, path: `${shop} > Shop closed > Close as refused > Emit - Shop not ready`, emits: { reason: "closed" } },
  {
    name: "PausedUntilNine",
    seconds: 0,
    path: `${shop} > Shop closed > Close as refused > Emit - Shop not ready`,
    emits: { reason: "closed" },
  },
  {
    name: "Full",
    seconds: 0,
    path: `${shop} > ListExecutions > Queue full > Close as refused > Emit - Shop not ready`,
    emits: { reason: "full" },
  },
  {
    name: "FullWhileManyStart",
    seconds: 0,
    path: `${shop} > ListExecutions > Queue full > Close as refused > Emit - Shop not ready`,
    emits: { reason: "full" },
  },
  {
    name: "AdmittedWhileManyStart",
    seconds: 30,
    path: `${shop} > ListExecutions > ListExecutions, next page > Emit - Workflow Started TT > ${finished}`,
    emits: { outcome: "cancelled" },
  },
  { name: "Completed", seconds: 282, path: `${second} > ${finished}`, emits: { outcome: "completed" } },
  { name: "CompletedByHand", seconds: 282, path: `${second} > ${finished}`, emits: { resumedByHand: true } },
  { name: "CancelledBeforeChoosing", seconds: 30, path: `${first} > ${finished}`, emits: { outcome: "cancelled" } },
  { name: "CancelledWhileMade", seconds: 72, path: `${second} > ${finished}`, emits: { outcome: "cancelled" } },
  {
    name: "CustomerTimesOut",
    seconds: 300,
    path: `${lateChoice} > Customer timedout > Emit - error timeout`,
    emits: { cause: "Customer timedout" },
  },
  {
    name: "TimeoutEditedBeyondAllBounds",
    seconds: 86_400,
    path: `${lateChoice} > Customer timedout > Emit - error timeout`,
    emits: { cause: "Customer timedout" },
  },
  {
    name: "ChosenAtTheLastMoment",
    seconds: 540,
    path: `${lateChoice} > ${read} > Generate Order Number > Emit - Awaiting Completion TT > ${finished}`,
    emits: { outcome: "completed" },
  },
  {
    name: "CancelledAtTheLastMoment",
    seconds: 300,
    path: `${lateChoice} > ${read} > ${finished}`,
    emits: { outcome: "cancelled" },
  },
  { name: "BarTimesOut", seconds: 942, path: `${lateBar} > Barista timedout > Emit - error timeout`, emits: { cause: "Barista timedout" } },
  { name: "CompletedAtTheLastMoment", seconds: 942, path: `${lateBar} > ${read} > ${finished}`, emits: { outcome: "completed" } },
  {
    name: "BusyBus",
    seconds: 241.5,
    path: `${shop} > ListExecutions > Emit - Workflow Started TT x3 > Generate Order Number > Emit - Awaiting Completion TT > ${finished}`,
    emits: { outcome: "completed" },
  },
  {
    name: "MadeBeforeTheTokenCame",
    seconds: 540,
    path: `${lateChoice} > ${read} > Generate Order Number > Emit - Awaiting Completion TT > ${finished}`,
    emits: { outcome: "completed" },
  },
  {
    name: "CancelledBeforeItWasRefused",
    seconds: 0,
    path: `${shop} > ListExecutions > Queue full > Close as refused > ${read} > ${finished}`,
    emits: { outcome: "cancelled" },
  },
  {
    name: "StartedByHandAndRefused",
    seconds: 0,
    path: `${shop} > ListExecutions > Queue full > Close as refused > ${read} > Emit - Shop not ready`,
    emits: { reason: "full" },
  },
];

describe("all cases in one call", () => {
  let cases: readonly CaseJson[];
  beforeAll(() => {
    const { status, stdout } = asl([...words, "--all", "--json"]);
    expect(status, "one case fails").toBe(1);
    cases = JSON.parse(stdout) as CaseJson[];
  });
  const caseOf = (name: string): CaseJson => cases.find((one) => one.case === name) as CaseJson;

  test("every case of the file is looked at", () => {
    expect(cases.map((one) => one.case)).toEqual([...journeys.map(({ name }) => name), "BusStaysBusy"]);
  });

  test.each(journeys)("$name", ({ name, seconds, path, emits }) => {
    const one = caseOf(name);
    expect({ status: one.status, seconds: one.seconds, path: walked(one) }).toEqual({ status: "SUCCEEDED", seconds, path });
    const Detail = { orderId: "1", userId: "testuser", ...emits } satisfies JsonObject;
    expect(one.calls.at(-1)?.parameters).toMatchObject({ Entries: [{ Detail }] });
  });

  test("a bus that stays busy fails the execution after every retry", () => {
    expect(caseOf("BusStaysBusy")).toMatchObject({ status: "FAILED", error: "EventBridge.ThrottlingException", seconds: 7.5 });
  });
});

test("a paused shop is open again once its instant has come", () => {
  const { status, stdout } = asl([...words, "--case", "PausedUntilNine", "--start", "2026-01-01T09:00:00Z", "--json"]);
  expect({ status, path: walked(JSON.parse(stdout) as CaseJson) }).toEqual({
    status: 0,
    path: `${second} > ${finished}`,
  });
});
