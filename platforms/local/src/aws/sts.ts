/** STS, as far as who asks is concerned. */
import { type AwsService, AwsServiceError, absent, asGiven, defineAwsService, operationsOn } from "@serverlesspresso/aws-service";

interface Account {
  readonly account: string;
}

const { read } = operationsOn<Account>();

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const sts: AwsService<Account> = defineAwsService({
  name: "STS",
  target: "STS",
  signingNames: ["sts"],
  sdk: { service: "sts", errors: "Sts" },
  protocol: "query",
  mostBytes: 64 * 1024,
  query: { version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
  errors: { invalid: ({ message }) => new AwsServiceError("ValidationError", message) },
  operations: {
    GetCallerIdentity: read(asGiven, ({ account }) => ({
      Arn: `arn:aws:iam::${account}:user/operator`,
      UserId: "AIDAOPERATOR",
      Account: account,
    })),
    ...absent("there are no roles", [
      "AssumeRole",
      "AssumeRoleWithSAML",
      "AssumeRoleWithWebIdentity",
      "AssumeRoot",
      "GetDelegatedAccessToken",
    ]),
    ...absent("the access key is the one credential", ["GetAccessKeyInfo", "GetFederationToken", "GetSessionToken", "GetWebIdentityToken"]),
    ...absent("a caller with the access key may call everything", ["DecodeAuthorizationMessage"]),
  },
});
