import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { createIdentities } from "../adapters/identities.ts";
import { ids } from "../base.ts";
import { readEnvironment } from "../environment.ts";
import { clientOptions } from "./client-options.ts";

const { USER_POOL_ID, USER_POOL_CLIENT_ID } = readEnvironment(["USER_POOL_ID", "USER_POOL_CLIENT_ID"]);

/** The user pool in Cognito. */
export const identities = createIdentities({
  cognito: new CognitoIdentityProviderClient(clientOptions),
  userPoolId: USER_POOL_ID,
  clientId: USER_POOL_CLIENT_ID,
  ids,
});
