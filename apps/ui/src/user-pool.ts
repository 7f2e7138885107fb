/** The calls of a Cognito user pool that the apps make, on AWS and locally alike. */
import type { Http } from "./http.ts";

/** What a sign-in returns; a refresh may leave out the refresh token. */
export interface Tokens {
  readonly AccessToken: string;
  readonly IdToken?: string;
  readonly RefreshToken?: string;
}

/** The user pool's calls about signing in. Each rejects with a Problem where the pool refuses it. */
export interface UserPool {
  /** Any of the pool's operations about signing in, with our client's and our device's id: what strangers try elsewhere refuses this device nothing. */
  call(operation: string, fields: Record<string, unknown>): Promise<unknown>;
  signIn(email: string, password: string): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
  /** Ends the one session that the refresh token belongs to. */
  revoke(refreshToken: string): Promise<void>;
  /** Ends every session of the user. */
  signOutEverywhere(accessToken: string): Promise<void>;
}

/** What a token says about its bearer; read, not verified: the server does that. */
export interface Claims {
  readonly sub: string;
  readonly name: string;
  /** Absent in an access token. */
  readonly email: string;
  readonly groups: readonly string[];
  /** On the server's clock. */
  readonly expiresMs: number;
}

/** @throws Error where the text is not a JSON Web Token. */
export function readClaims(token: string): Claims {
  const payload = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
  if (!payload) throw new Error("not a JSON Web Token");
  const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  return {
    sub: String(claims.sub ?? ""),
    name: String(claims.name ?? claims.email ?? ""),
    email: String(claims.email ?? ""),
    groups: Array.isArray(claims["cognito:groups"]) ? claims["cognito:groups"].map(String) : [],
    expiresMs: Number(claims.exp ?? 0) * 1000,
  };
}

/** Reads the answer of `InitiateAuth`, or the bare tokens of `POST /guests`. */
export function parseTokens(body: unknown): Tokens {
  const outer = body as { AuthenticationResult?: Tokens } & Tokens;
  const tokens = outer?.AuthenticationResult ?? outer;
  if (typeof tokens?.AccessToken !== "string") throw new Error("the sign-in was answered without tokens");
  return tokens;
}

/** A way in for who knows the password. */
export type WayIn = (call: UserPool["call"], poolId: string, email: string, password: string) => Promise<Tokens>;

/** @param pool read at each call, so that settings may arrive late. @param deviceId see `Base` @param wayIn without it, or where the pool's id is not known, the password is sent */
export function createUserPool(
  http: Http,
  deviceId: string,
  pool: () => { userPool: string; clientId: string; poolId: string },
  wayIn?: WayIn,
): UserPool {
  async function send(operation: string, body: Record<string, unknown>): Promise<unknown> {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` };
    return (await http(`${pool().userPool}/`, { method: "POST", headers, body })).body;
  }
  const call: UserPool["call"] = (operation, fields) =>
    send(operation, { ClientId: pool().clientId, ClientMetadata: { device: deviceId }, ...fields });
  const authenticate = async (AuthFlow: string, AuthParameters: Record<string, string>): Promise<Tokens> =>
    parseTokens(await call("InitiateAuth", { AuthFlow, AuthParameters }));
  return {
    call,
    signIn: (USERNAME, PASSWORD) =>
      wayIn && pool().poolId ? wayIn(call, pool().poolId, USERNAME, PASSWORD) : authenticate("USER_PASSWORD_AUTH", { USERNAME, PASSWORD }),
    refresh: (REFRESH_TOKEN) => authenticate("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN }),
    revoke: async (Token) => void (await send("RevokeToken", { ClientId: pool().clientId, Token })),
    signOutEverywhere: async (AccessToken) => void (await send("GlobalSignOut", { AccessToken })),
  };
}
