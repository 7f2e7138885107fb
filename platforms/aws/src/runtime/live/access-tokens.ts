/**
 * Access tokens of the user pool, where no gateway has verified them.
 *
 * AT1. A token is good if a key of the pool signed it by RS256; keys come from the pool's own address alone, whatever its header says.
 * AT2. It is good for this pool, this client and as an access token alone, until it ends.
 */
import type { Clock } from "@serverlesspresso/ports";
import { createRemoteJWKSet, jwtVerify } from "jose";

/** The user pool whose access tokens are accepted. */
export interface AccessTokensOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clock: Clock;
}
/** The verified claims of an access token that policies use. */
export interface AccessToken {
  readonly sub: string;
  readonly groups: readonly string[];
  /** Seconds since the epoch. */
  readonly exp: number;
}

/** Cognito's own are below 2 KB. */
const maxTokenLength = 8192;

/** Returns the check, which rejects invalid tokens. It fetches the keys once, and again when a token names another, at most once a minute. */
export function createAccessTokens({ issuer, clientId, clock }: AccessTokensOptions): (token: string) => Promise<AccessToken> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), { timeoutDuration: 3_000, cooldownDuration: 60_000 });
  return async (token) => {
    if (token.length > maxTokenLength) throw new TypeError("the token is longer than any that the user pool signs");
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer,
      currentDate: new Date(clock.nowMs()),
      requiredClaims: ["sub", "exp", "iat"],
    });
    const { sub, exp, token_use: use, client_id: client, "cognito:groups": groups = [] } = payload;
    if (use !== "access" || client !== clientId) throw new TypeError("the token is not an access token of this client");
    return { sub: String(sub), exp: Number(exp), groups: Array.isArray(groups) ? groups.map(String) : [] };
  };
}
