/** Cognito user pools, as their callers meet them. */
import { type AwsService, defineAwsService } from "@serverlesspresso/aws-service";
import { adminOperations } from "./admin-operations.ts";
import type { PoolEngine } from "./engine.ts";
import { invalid } from "./errors.ts";
import { forgottenPasswordOperations } from "./forgotten-password.ts";
import { groupOperations } from "./group-operations.ts";
import { ownAccountOperations } from "./own-account.ts";
import { poolOperations } from "./pool-operations.ts";
import { signInOperations } from "./sign-in.ts";
import { signUpOperations } from "./sign-up.ts";

/** @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html */
export const cognitoUserPools: AwsService<PoolEngine> = defineAwsService({
  name: "Cognito user pools",
  target: "AWSCognitoIdentityProviderService",
  signingNames: ["cognito-idp"],
  sdk: { service: "cognitoidentityprovider", errors: "CognitoIdentityProvider" },
  protocol: "json-1.1",
  mostBytes: 256 * 1024,
  instants: ["CreationDate", "LastModifiedDate", "UserCreateDate", "UserLastModifiedDate"],
  errors: { invalid: ({ message }) => invalid(message) },
  paging: { token: "NextToken", limit: "Limit", most: 60, refuse: () => invalid("Invalid pagination token.") },
  operations: {
    ...signUpOperations,
    ...signInOperations,
    ...forgottenPasswordOperations,
    ...ownAccountOperations,
    ...adminOperations,
    ...groupOperations,
    ...poolOperations,
  },
});
