/** The messages of the tools when something is missing. */

/** Names of the SDK's errors for missing or expired credentials. */
const nobody = new Set([
  "CredentialsProviderError",
  "ExpiredTokenException",
  "ExpiredToken",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "AuthFailure",
]);

/** The message about what the tools need before they can reach AWS. */
export const needs = `This needs an AWS account: no credentials were found, or they have ended.
  Sign in with "aws login" or "aws sso login", or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,
  and AWS_REGION for where the shop is to stand (us-east-1 if not set).`;

/** Prints a sentence in place of a stack trace and sets exit code 1. */
export function explain(error: unknown): void {
  process.exitCode = 1;
  const { name, message } = error as Error;
  console.error(nobody.has(name) || /could not load credentials/i.test(message) ? needs : `${name}: ${message}`);
}

/** The region of the shop. */
export const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? "us-east-1";
