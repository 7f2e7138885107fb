/** Cognito user pools, as their callers meet them. */
import { type AwsService, absent, defineAwsService } from "@serverlesspresso/aws-service";
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
  outOfScope:
    "there is one pool, which a start makes, for sign-up, sign-in, groups and an operator's care of accounts; AWS's other features of pools are not used",
  operations: {
    ...signUpOperations,
    ...signInOperations,
    ...forgottenPasswordOperations,
    ...ownAccountOperations,
    ...adminOperations,
    ...groupOperations,
    ...poolOperations,
    ...absent("there is one pool, which a start makes", [
      "CreateUserPool",
      "CreateUserPoolClient",
      "DeleteUserPool",
      "DeleteUserPoolClient",
      "UpdateUserPool",
      "UpdateUserPoolClient",
    ]),
    ...absent("a password or a mailed code is the one factor", [
      "AdminSetUserMFAPreference",
      "AssociateSoftwareToken",
      "CompleteWebAuthnRegistration",
      "GetUserPoolMfaConfig",
      "SetUserMFAPreference",
      "SetUserPoolMfaConfig",
      "StartWebAuthnRegistration",
      "VerifySoftwareToken",
    ]),
    ...absent("accounts are the pool's own", [
      "AdminDisableProviderForUser",
      "AdminLinkProviderForUser",
      "CreateIdentityProvider",
      "DeleteIdentityProvider",
      "DescribeIdentityProvider",
      "ListIdentityProviders",
      "UpdateIdentityProvider",
    ]),
    ...absent("the apps have their own screens", [
      "CreateManagedLoginBranding",
      "CreateUserPoolDomain",
      "DescribeUserPoolDomain",
      "GetUICustomization",
      "SetUICustomization",
    ]),
    ...absent("signing in is the user's own act", ["AdminInitiateAuth", "AdminRespondToAuthChallenge"]),
    ...absent("an account keeps its address, and its user changes the name", [
      "AdminDeleteUserAttributes",
      "AdminUpdateUserAttributes",
      "DeleteUserAttributes",
      "GetUserAttributeVerificationCode",
      "VerifyUserAttribute",
    ]),
    ...absent("sessions are ended, not devices: GlobalSignOut, AdminUserGlobalSignOut", [
      "AdminForgetDevice",
      "AdminGetDevice",
      "AdminListDevices",
      "ConfirmDevice",
      "ForgetDevice",
      "GetDevice",
      "ListDevices",
    ]),
    ...absent("accounts are made one by one: SignUp, AdminCreateUser", [
      "CreateUserImportJob",
      "DescribeUserImportJob",
      "ListUserImportJobs",
      "StartUserImportJob",
      "StopUserImportJob",
    ]),
  },
});
