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
  for (const bar of ["", "Another", "serverlesspresso", "a b", "1bar", "x".repeat(25), "bar_1"]) {
    expect(() => namesOf(bar), bar).toThrow(RangeError);
  }
});
