/** DescribeUserPool, ListUserPools, ListUserPoolClients, DescribeUserPoolClient. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import type { Core, Operation } from "./core.ts";
import { ClientId, checkClient, checkPool, PoolId, parse } from "./request.ts";

const WithPool = z.object({ UserPoolId: PoolId });
const WithClient = WithPool.extend({ ClientId });

type Names = "DescribeUserPool" | "ListUserPools" | "ListUserPoolClients" | "DescribeUserPoolClient";

/**
 * Returns the operations that describe the pool and its client.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
 */
export function poolOperations(core: Core): Record<Names, Operation> {
  const { pool, users, store, settings } = core;
  const created = { CreationDate: pool.createdMs / 1000, LastModifiedDate: pool.createdMs / 1000 };
  const client: JsonObject = { UserPoolId: pool.poolId, ClientId: pool.clientId, ClientName: "apps" };
  return {
    async DescribeUserPool(request) {
      checkPool(core, parse(WithPool, request).UserPoolId);
      return {
        UserPool: {
          Id: pool.poolId,
          Name: pool.name,
          Arn: pool.arn,
          ...created,
          Policies: { PasswordPolicy: { MinimumLength: settings().minimumPasswordLength } },
          UsernameAttributes: ["email"],
          AutoVerifiedAttributes: ["email"],
          MfaConfiguration: "OFF",
          EstimatedNumberOfUsers: users.count(store),
        },
      };
    },
    ListUserPools: async () => ({ UserPools: [{ Id: pool.poolId, Name: pool.name, ...created }] }),
    async ListUserPoolClients(request) {
      checkPool(core, parse(WithPool, request).UserPoolId);
      return { UserPoolClients: [client] };
    },
    async DescribeUserPoolClient(request) {
      const { UserPoolId, ClientId } = parse(WithClient, request);
      checkPool(core, UserPoolId);
      checkClient(core, ClientId);
      const flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
      const validity = { AccessTokenValidity: 60, IdTokenValidity: 60, RefreshTokenValidity: 30 };
      const units = { TokenValidityUnits: { AccessToken: "minutes", IdToken: "minutes", RefreshToken: "days" } };
      return {
        UserPoolClient: {
          ...client,
          ...created,
          ExplicitAuthFlows: flows,
          ...validity,
          ...units,
          PreventUserExistenceErrors: "ENABLED",
          EnableTokenRevocation: true,
        },
      };
    },
  };
}
