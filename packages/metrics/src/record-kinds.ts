/** The kinds of records of metrics. */
import { defineKind } from "@serverlesspresso/store";

const owner = "metrics";
const minuteMs = 60_000;

/** Every kind of record of the metrics. */
export const kinds = {
  dashboards: defineKind({ prefix: "md", holds: "dashboards", owner, kept: "for good" }),
  names: defineKind({ prefix: "mm", holds: "names of metrics", owner, kept: "for good" }),
  minutes: defineKind({
    prefix: "mp",
    holds: "minutes of metrics",
    owner,
    isSpare: true,
    kept: { until: "metrics" },
    ageInKey: true,
    atMs: (parts) => (parts[4] as number) * minuteMs,
  }),
  claims: defineKind({ prefix: "mi", holds: "data counted already", owner, kept: "while needed" }),
  claimEnds: defineKind({
    prefix: "mj",
    holds: "ends of data counted already",
    owner,
    kept: "while needed",
    ageInKey: true,
    atMs: (parts) => parts[1] as number,
  }),
};
