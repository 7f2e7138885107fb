/** Calls the public API as a phone or a tablet does. */

/** The API responded with an error status. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
}

/** A client of the public API. */
export interface Api {
  /** Sends a request such as `GET /config`. Resolves to the JSON of the response. @throws {CallFailed} for an error status, with the detail of the problem */
  call(
    request: string,
    options?: { readonly token?: string; readonly body?: unknown; readonly headers?: Record<string, string> },
  ): Promise<Json>;
}
/** The JSON object of a response; its fields are checked one by one. */
export type Json = Readonly<Record<string, unknown>>;

/** Creates a client. @param origin without a slash at its end */
export function createApi(origin: string): Api {
  return {
    async call(request, { token, body, headers = {} } = {}) {
      const [method = "GET", path = "/"] = request.split(" ");
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      if (!response.ok) throw new CallFailed(`${request} answered ${response.status}: ${text.slice(0, 300)}`);
      return text === "" ? {} : (JSON.parse(text) as Json);
    },
  };
}

/** Signs a member of staff in at the user pool. @throws {CallFailed} */
export async function signInStaff(userPool: string, clientId: string, email: string, password: string): Promise<string> {
  const answer = await createApi(userPool).call("POST /", {
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" },
    body: { ClientId: clientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: email, PASSWORD: password } },
  });
  const { AccessToken } = (answer.AuthenticationResult ?? {}) as { readonly AccessToken?: string };
  if (AccessToken === undefined)
    throw new CallFailed(`the sign-in of ${email} was answered with ${String(answer.ChallengeName ?? "no token")}`);
  return AccessToken;
}
