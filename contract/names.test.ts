import { expect, test } from "vitest";
import { names, namesOf, physicalName } from "./names.ts";

test("N1: the first bar has the names of docs/spec.md section 2", () => {
  expect(names).toEqual({
    bar: "Serverlesspresso",
    bus: "Serverlesspresso",
    eventSource: "awsserverlessda.serverlesspresso",
    eventLogGroup: "/aws/events/serverlesspressoEventBus",
    deadLetterQueue: "Serverlesspresso-DLQ",
    configTable: "serverlesspresso-config-table",
    countingTable: "serverlesspresso-counting-table",
    orderTable: "serverlesspresso-order-table",
    validatorTable: "serverlesspresso-validator-table",
    metricsTable: "serverlesspresso-metrics-table",
    platformTable: "serverlesspresso-platform-table",
    ordersByState: "by-state",
    ordersByUser: "by-user",
    adminTopic: "serverlesspresso-admin",
    configTopic: "serverlesspresso-config",
    userTopicPrefix: "serverlesspresso-user-",
    metricsNamespace: "Serverlesspresso",
    metricsQueue: "MetricsQueue",
    metricsQueueCloudwatch: "MetricsQueue-Cloudwatch",
    dashboard: "Serverlesspresso_Metrics",
    orderProcessor: "OrderProcessorWorkflow",
    orderManager: "OrderManagerStateMachine",
    userPool: "ServerlesspressoUserPool",
    apiLogGroup: "/aws/apigateway/Serverlesspresso",
  });
});

test("N2: another bar shares no name with the first, but those of indexes (N3)", () => {
  const another = namesOf("another");
  const { ordersByState, ordersByUser, ...unique } = another;
  expect({ ordersByState, ordersByUser }).toEqual({ ordersByState: names.ordersByState, ordersByUser: names.ordersByUser });
  const taken = new Set(Object.values(names));
  expect(Object.entries(unique).filter(([, name]) => taken.has(name))).toEqual([]);
  expect(new Set(Object.values(another)).size).toBe(new Set(Object.values(names)).size);
  expect(physicalName("another", "NewOrder")).toBe("another-NewOrder");
  expect(physicalName("Serverlesspresso", "NewOrder")).toBe("NewOrder");
});

test("a name that resources could not have, or whose tables would be the first bar's, is refused", () => {
  for (const bar of ["", "Another", "serverlesspresso", "a b", "1bar", "x".repeat(25), "bar_1", "abc-", "a--b", "-a"]) {
    expect(() => namesOf(bar), bar).toThrow(RangeError);
  }
});

test.each([
  { bar: "default", says: 'bar "default": "default" is EventBridge\'s own bus, expected Serverlesspresso, or up to 24 lower-case letters' },
  { bar: "Default", says: '"default" is EventBridge\'s own bus' },
  { bar: "aws", says: 'bar "aws": "aws" begins names that AWS keeps for itself, expected Serverlesspresso' },
  { bar: "AWS-bar", says: '"aws" begins names that AWS keeps for itself' },
  { bar: "serverlesspresso", says: '"serverlesspresso" has the first bar\'s tables' },
  {
    bar: "abc-",
    says: 'bar "abc-": expected Serverlesspresso, or up to 24 lower-case letters, digits and hyphens, a letter first and each hyphen',
  },
])("$bar is refused with the reason and what is allowed", ({ bar, says }) => expect(() => namesOf(bar)).toThrow(says));

test.each(["a", "annexe", "a-1-b", "constructor", "x".repeat(24)])("%s is a bar's name", (bar) => expect(namesOf(bar).bus).toBe(bar));
