import { declaredKinds, type KindSurvey, type StoreSurvey } from "@serverlesspresso/store";
import { expect, test } from "vitest";
// Whatever writes records declares their kinds.
import "../../platforms/local/src/platform.ts";
import { bytesOfOrder } from "./of-order.ts";

const survey = (fileBytes: number, kinds: Readonly<Record<string, readonly [records: number, bytes: number]>>): StoreSurvey => ({
  fileBytes,
  usedBytes: fileBytes / 2,
  kinds: Object.entries(kinds).map(
    ([name, [records, bytes]]): KindSurvey => ({ kind: declaredKinds().find((kind) => kind.name === name), records, bytes }),
  ),
});

test("what came before orders is no part of them, and what was packed is counted where it lies", () => {
  const rows = bytesOfOrder({
    before: survey(1_000, { ev: [10, 500], le: [1, 100] }),
    warm: survey(11_000, { ev: [30, 1_500], le: [11, 600], xr: [1, 5] }),
    cold: survey(6_000, { ev: [10, 500], ew: [1, 400], le: [1, 100], lp: [1, 150] }),
    orders: 10,
  });
  expect(rows).toEqual([
    ["events", "2.00", "100", "0"],
    ["log lines", "1.00", "50", "0"],
    ["events in blocks", "0.00", "0", "40"],
    ["log lines in blocks", "0.00", "0", "15"],
    ["all records", "", "151", "55"],
    ["log lines, all groups together", "", "50", "15"],
    ["pages in use", "", "500", "250"],
    ["the file", "", "1,000", "500"],
  ]);
});
