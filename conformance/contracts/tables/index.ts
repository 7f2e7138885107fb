/** DynamoDB's contract. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { describeContract, type Place } from "../contract.ts";
import { checkAdministration } from "./administration.ts";
import { checkBatches } from "./batches.ts";
import { checkConditions } from "./conditions.ts";
import { withTable } from "./fixture.ts";
import { checkIndexes } from "./indexes.ts";
import { checkItems } from "./items.ts";
import { checkKeys } from "./keys.ts";
import { checkNames } from "./names.ts";
import { checkProjections } from "./projections.ts";
import { checkQueries } from "./queries.ts";
import { checkReturnedValues } from "./returned-values.ts";
import { checkScans } from "./scans.ts";
import { checkTransactions } from "./transactions.ts";
import { checkUpdates } from "./updates.ts";

const parts = [
  checkItems,
  checkKeys,
  checkUpdates,
  checkReturnedValues,
  checkConditions,
  checkProjections,
  checkQueries,
  checkIndexes,
  checkScans,
  checkBatches,
  checkTransactions,
  checkAdministration,
  checkNames,
];

/** The tables' contract, at any endpoint that speaks DynamoDB's protocol. */
export function describeTablesContract(place: Place<DynamoDB>): void {
  describeContract("tables", place, (contract) => {
    withTable(contract);
    for (const part of parts) part(contract);
  });
}
