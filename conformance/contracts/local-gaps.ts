import type { Gap } from "./contract.ts";

/** Where the local platform's tables differ from DynamoDB. */
export const localTablesGaps: readonly Gap[] = [
  { cases: ["capacity of a write counts its indexes"], because: "a write's capacity is that of its table alone" },
];
