import { expect, test } from "vitest";
import { type Bill, billOf } from "./bill.ts";
import { usualDeployment } from "./deployment.ts";
import { formatAmount, formatBills, formatLines, formatTable, formatUsd } from "./table.ts";

test("columns line up: the first to the left, the others to the right", () => {
  expect(
    formatTable([
      ["a", "1,000"],
      ["longer", "2"],
    ]),
  ).toBe("a       1,000\nlonger      2");
});

test.each([
  [0, "0"],
  [0.00001, "<0.0001"],
  [0.04321, "0.0432"],
  [0.4321, "0.432"],
  [12.345, "12.35"],
  [1234.5, "1,235"],
  [0.0999, "0.100"],
])("US$ %d reads %s", (usd, text) => expect(formatUsd(usd)).toBe(text));

test.each([
  [1_234_567.8, "1,234,568"],
  [0.033333, "0.0333"],
])("an amount of %d reads %s", (amount, text) => expect(formatAmount(amount)).toBe(text));

test("a table has a row for each service and its total below", () => {
  const counted = { journeys: [{ counts: { "states/OrderProcessorWorkflow": 10 }, share: 1 }], window: {}, configChange: {} };
  const apps = { files: 1, bytes: 1, measured: true };
  const bills: Bill[] = [true, false].map((withFree) => billOf(counted, 1_000, usualDeployment, apps, { withFree }));
  const rows = formatBills(bills)
    .split("\n")
    .map((row) => row.split(/ {2,}/).filter((cell) => cell !== ""));
  expect(rows[0]).toEqual(["guests a day", "1,000", "1,000"]);
  expect(rows).toContainEqual(["Step Functions", "0.247", "0.250"]);
  expect(rows.at(-3)?.[0]).toBe("total, US$ a day");
  const [head, dearest] = formatLines(bills[1] as Bill).split("\n");
  expect(head).toMatch(/^line +amount a day +US\$ a day +share$/);
  expect(dearest).toMatch(/^Step Functions: Standard state transitions +10,000 +0\.250 +\d+\.\d %$/);
});
