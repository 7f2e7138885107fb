/** The kinds of records of the roastery. */
import { defineKind } from "@serverlesspresso/store";

/** Every kind of record of the roastery. */
export const kinds = {
  beans: defineKind({ prefix: "test-bean", holds: "roasted beans", owner: "roastery", kept: "for good" }),
};
