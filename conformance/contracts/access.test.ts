/** Access without a password: over the engines in the process, and over the adapters of AWS's SDK, which speak to the wire API. */
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { createTablesPort } from "@serverlesspresso/tables";
import { createIdentities } from "../../platforms/aws/src/runtime/adapters/identities.ts";
import { createTables } from "../../platforms/aws/src/runtime/adapters/tables.ts";
import type { AwsBar } from "../../test/aws/support.ts";
import { describeAccessContract } from "./access.ts";
import type { AccessOfPlace } from "./access-bar.ts";
import { openAtWire } from "./wire.ts";

const clock = createSystemClock();
const ids = createIds(clock);

function usersOf({ platform: { store, identities } }: AwsBar): Pick<AccessOfPlace, "users" | "end"> {
  const { pool } = identities;
  const UserPoolId = pool.poolId;
  return {
    users(name) {
      const { Users } = pool.query(store, "ListUsers", { UserPoolId, Filter: `name = "${name}"` });
      return (Users as readonly JsonObject[]).map(({ Username }) => ({ id: String(Username) }));
    },
    async end(operation, Username) {
      await store.transact((tx) => pool.execute(tx, operation, { UserPoolId, Username }));
    },
  };
}

describeAccessContract({
  name: "the local platform",
  open: () =>
    openAtWire((bar) => {
      const { store, tables, identities } = bar.platform;
      return { tables: createTablesPort(store, tables), identities: identities.pool, ...usersOf(bar) };
    }),
});
describeAccessContract({
  name: "AWS, by the SDK's adapters",
  open: () =>
    openAtWire((bar) => {
      const { poolId: userPoolId, clientId } = bar.platform.identities.pool;
      // A connection that the server had just closed is tried anew, as in Lambda.
      const client = { ...bar.client, maxAttempts: 3 };
      const cognito = new CognitoIdentityProviderClient(client);
      return {
        tables: createTables({ dynamodb: new DynamoDBClient(client), clock, ids }),
        identities: createIdentities({ cognito, userPoolId, clientId, ids }),
        ...usersOf(bar),
      };
    }),
});
