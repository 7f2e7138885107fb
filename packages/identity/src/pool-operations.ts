/** Cognito's operations that describe the pool and its client. */
import { asGiven } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { list, type PoolEngine, read } from "./engine.ts";
import { ClientId, checkClient, checkPool, PoolId } from "./request.ts";

const WithPool = z.object({ UserPoolId: PoolId });
/** There is one pool with one client, so that a list of either has one page. */
const onePage = { paging: { limit: "MaxResults" } };

/** @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html */
export const poolOperations = {
  DescribeUserPool: read(WithPool, (engine, view, { UserPoolId }) => {
    checkPool(engine, UserPoolId);
    const { pool, settings, users } = engine;
    return {
      UserPool: {
        ...summaryOf(engine),
        Arn: pool.arn,
        Policies: { PasswordPolicy: { MinimumLength: settings().minimumPasswordLength } },
        UsernameAttributes: ["email"],
        AutoVerifiedAttributes: ["email"],
        MfaConfiguration: "OFF",
        EstimatedNumberOfUsers: users.count(view),
      },
    };
  }),
  ListUserPools: list(asGiven, (engine) => ({ UserPools: [summaryOf(engine)] }), onePage),
  ListUserPoolClients: list(
    WithPool,
    (engine, _view, { UserPoolId }) => {
      checkPool(engine, UserPoolId);
      return { UserPoolClients: [clientOf(engine)] };
    },
    onePage,
  ),
  DescribeUserPoolClient: read(WithPool.extend({ ClientId }), (engine, _view, { UserPoolId, ClientId }) => {
    checkPool(engine, UserPoolId);
    checkClient(engine, ClientId);
    return {
      UserPoolClient: {
        ...clientOf(engine),
        ...datesOf(engine),
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AccessTokenValidity: 60,
        IdTokenValidity: 60,
        RefreshTokenValidity: 30,
        TokenValidityUnits: { AccessToken: "minutes", IdToken: "minutes", RefreshToken: "days" },
        PreventUserExistenceErrors: "ENABLED",
        EnableTokenRevocation: true,
      },
    };
  }),
};

function datesOf({ pool }: PoolEngine): JsonObject {
  return { CreationDate: pool.createdMs / 1000, LastModifiedDate: pool.createdMs / 1000 };
}

function summaryOf(engine: PoolEngine): JsonObject {
  return { Id: engine.pool.poolId, Name: engine.pool.name, ...datesOf(engine) };
}

function clientOf({ pool }: PoolEngine): JsonObject {
  return { UserPoolId: pool.poolId, ClientId: pool.clientId, ClientName: "apps" };
}
