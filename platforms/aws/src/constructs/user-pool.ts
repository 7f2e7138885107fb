import type { Names } from "@serverlesspresso/contract";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  UserPool,
  type UserPoolClient,
  VerificationEmailStyle,
} from "aws-cdk-lib/aws-cognito";
import type { Construct } from "constructs";

/** Creates the user pool with the groups of staff and operators, and its one app client. Both survive their stack. */
export function createUserPool(
  scope: Construct,
  names: Pick<Names, "bar" | "userPool">,
): { readonly pool: UserPool; readonly client: UserPoolClient } {
  const pool = new UserPool(scope, "UserPool", {
    userPoolName: names.userPool,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    selfSignUpEnabled: true,
    autoVerify: { email: true },
    keepOriginal: { email: true },
    standardAttributes: { email: { required: true, mutable: true }, fullname: { required: false, mutable: true } },
    userVerification: {
      emailStyle: VerificationEmailStyle.CODE,
      emailSubject: "Your code for the coffee bar",
      emailBody: "Your code is {####}.",
    },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    // The local pool requires the same length; it also refuses common passwords, which Cognito cannot check.
    passwordPolicy: {
      minLength: 12,
      requireDigits: false,
      requireLowercase: false,
      requireSymbols: false,
      requireUppercase: false,
      tempPasswordValidity: Duration.days(7),
    },
    mfa: Mfa.OFF,
    featurePlan: FeaturePlan.LITE,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  new CfnUserPoolGroup(scope, "Admin", {
    userPoolId: pool.userPoolId,
    groupName: "admin",
    description: "Baristas and displays",
  });
  new CfnUserPoolGroup(scope, "Operator", {
    userPoolId: pool.userPoolId,
    groupName: "operator",
    description: "Who works at the console",
  });
  const client = pool.addClient("Apps", {
    userPoolClientName: `${names.bar}-apps`,
    generateSecret: false,
    // The apps sign in with e-mail and password; so do the functions that create guests and paired devices; they never reveal the password.
    authFlows: { userSrp: true, userPassword: true },
    disableOAuth: true,
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    accessTokenValidity: Duration.hours(1),
    idTokenValidity: Duration.hours(1),
    refreshTokenValidity: Duration.days(30),
  });
  return { pool, client };
}
