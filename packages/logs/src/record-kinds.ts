/** The kinds of records of logs. */
import { defineKind } from "@serverlesspresso/store";

const owner = "logs";

/** Every kind of record of the logs. */
export const kinds = {
  groups: defineKind({ prefix: "lg", holds: "log groups", owner, kept: "for good" }),
  streams: defineKind({ prefix: "ls", holds: "log streams", owner, kept: "for good" }),
  /** Of records that are an hour old. 2: lines have forms. */
  blocks: defineKind({
    prefix: "lp",
    version: 2,
    holds: "log lines in blocks",
    owner,
    isSpare: true,
    kept: { until: "logs" },
    ageInKey: true,
    atMs: (parts) => parts[2] as number,
  }),
  events: defineKind({
    prefix: "le",
    version: 2,
    holds: "log lines",
    owner,
    isSpare: true,
    kept: { until: "logs" },
    ageInKey: true,
    atMs: (parts) => parts[2] as number,
  }),
};
