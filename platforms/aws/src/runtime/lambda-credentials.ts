/**
 * Stands in bundles for the SDK's chain of credential providers (`@aws-sdk/credential-provider-node`). Lambda gives its role's credentials
 * in the environment and nowhere else; shared files, single sign-on and the instance's metadata would be 160 kB that can never answer.
 */
export function defaultProvider() {
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      throw new Error("AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not in the environment: Lambda sets both from the function's role");
    }
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  };
}
