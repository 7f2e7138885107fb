/** Kept answers of calls with an `Idempotency-Key`: over the engine in the process, and over the adapter of AWS's SDK, which speaks to the wire API. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import { namesOf } from "@serverlesspresso/contract";
import { createTablesPort } from "@serverlesspresso/tables";
import { createTables } from "../../platforms/aws/src/runtime/adapters/tables.ts";
import { describeIdempotencyContract } from "./idempotency.ts";
import { openAtWire } from "./wire.ts";

const tableName = namesOf().platformTable;
const clock = createSystemClock();

describeIdempotencyContract({
  name: "the local platform",
  open: () => openAtWire(({ platform: { store, tables } }) => ({ tables: createTablesPort(store, tables), tableName })),
});
describeIdempotencyContract({
  name: "AWS, by the SDK's adapter",
  open: () =>
    openAtWire(({ client }) => ({
      tables: createTables({ dynamodb: new DynamoDBClient(client), clock, ids: createIds(clock) }),
      tableName,
    })),
});
