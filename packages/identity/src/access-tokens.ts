/**
 * JSON Web Tokens: issuing, and deciding whose they are.
 *
 * A1. A token is valid only if one of the pool's keys signed it by RS256; its header may name the key, and nothing else it says about keys counts.
 * A2. It is good for this pool, this client and its own use alone, from `nbf` to `exp` by the system's clock.
 * A3. It is good only while its user may sign in and its session lasts: sign-out, deletion and disabling end it at once.
 * A4. Its groups are the user's present ones, whatever it says.
 */
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { IdentityError } from "./errors.ts";
import { groupsOf } from "./groups.ts";
import type { KeyRing } from "./key-ring.ts";
import { keys } from "./keys.ts";
import type { Session, User, UserKind } from "./records.ts";
import { sha256 } from "./secrets.ts";
import { endOf } from "./sessions.ts";
import { accessTokenLifeMs } from "./settings.ts";
import { readUser } from "./stored-user.ts";

/** What an access token says, as of now. */
export interface Claims {
  readonly sub: string;
  readonly username: string;
  /** The user's present groups (A4). */
  readonly "cognito:groups": readonly string[];
  readonly token_use: "access";
  readonly client_id: string;
  readonly scope: string;
  readonly iss: string;
  /** Seconds since the epoch, in the system's time. */
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
  readonly jti: string;
  /** The session; the same for all tokens that follow from one sign-in. */
  readonly origin_jti: string;
  /** The user's present name. */
  readonly name?: string;
  readonly kind: UserKind;
}

/** What tokens name: the app client they are for and the issuer's address. */
export interface TokenIdentity {
  readonly clientId: string;
  readonly issuer: () => string;
}

/**
 * Signs and verifies JSON Web Tokens with Cognito's claims (A1 and on).
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export interface AccessTokens {
  /** Signs an access token and an id token for a session. */
  issue(user: User, sessionId: string, startedMs: number): Promise<{ readonly AccessToken: string; readonly IdToken: string }>;
  /** @throws {IdentityError} `NotAuthorizedException` */
  verify(token: string): Promise<Claims>;
}

/** Our own are below 2 KB. */
const maxTokenLength = 8192;
const maxCached = 20_000;
const scope = "aws.cognito.signin.user.admin";

type Signed = Omit<Claims, "cognito:groups" | "name" | "kind">;

/** Returns tokens of a key ring. Signatures that held are remembered; users and sessions are read anew at each verification. */
export function createAccessTokens(view: ReadView, clock: Clock, ids: Ids, keyRing: KeyRing, identity: TokenIdentity): AccessTokens {
  const verified = new Map<string, Signed>();

  function sign(claims: JWTPayload, iat: number): Promise<string> {
    const { kid, privateKey } = keyRing.signingKey();
    const exp = iat + accessTokenLifeMs / 1000;
    return new SignJWT({ ...claims, iss: identity.issuer(), iat, exp, jti: ids.uuid() })
      .setProtectedHeader({ kid, alg: "RS256" })
      .sign(privateKey);
  }

  async function signed(token: string): Promise<Signed> {
    if (typeof token !== "string" || token.length > maxTokenLength) throw invalidToken();
    const hash = sha256(token);
    const known = verified.get(hash);
    if (known !== undefined && known.exp * 1000 > clock.nowMs()) return known;
    verified.delete(hash);
    if (known !== undefined) throw expired();
    const claims = await signature(token).catch((error: unknown) => {
      throw error instanceof errors.JWTExpired ? expired() : invalidToken();
    });
    if (verified.size >= maxCached) verified.delete(verified.keys().next().value as string);
    verified.set(hash, claims);
    return claims;
  }

  async function signature(token: string): Promise<Signed> {
    const { payload } = await jwtVerify(
      token,
      ({ kid, alg }) => {
        const key = kid === undefined || alg !== "RS256" ? undefined : keyRing.find(kid);
        if (key === undefined) throw invalidToken();
        return key.publicKey;
      },
      {
        algorithms: ["RS256"],
        issuer: identity.issuer(),
        currentDate: new Date(clock.nowMs()),
        requiredClaims: ["sub", "exp", "iat", "origin_jti", "auth_time"],
      },
    );
    if (payload.token_use !== "access" || payload.client_id !== identity.clientId) throw invalidToken();
    return payload as unknown as Signed;
  }

  return {
    async issue(user, sessionId, startedMs) {
      const iat = Math.floor(clock.nowMs() / 1000);
      const names = groupsOf(user);
      const groups = names.length === 0 ? {} : { "cognito:groups": names };
      const shared = { sub: user.sub, ...groups, auth_time: Math.floor(startedMs / 1000), origin_jti: sessionId };
      const [AccessToken, IdToken] = await Promise.all([
        sign({ ...shared, username: user.sub, token_use: "access", client_id: identity.clientId, scope }, iat),
        sign({ ...shared, ...profile(user), token_use: "id", aud: identity.clientId }, iat),
      ]);
      return { AccessToken, IdToken };
    },
    async verify(token) {
      const claims = await signed(token);
      const user = readUser(view, claims.sub);
      const session = view.get<Session>(keys.session(claims.sub, claims.origin_jti));
      if (user === undefined || !user.enabled || session === undefined || endOf(session) <= clock.nowMs()) {
        throw new IdentityError("NotAuthorizedException", "Access Token has been revoked");
      }
      return { ...claims, "cognito:groups": groupsOf(user), ...(user.name === undefined ? {} : { name: user.name }), kind: user.kind };
    },
  };
}

function profile(user: User): JWTPayload {
  return {
    "cognito:username": user.sub,
    ...(user.email === undefined ? {} : { email: user.email, email_verified: user.emailVerified }),
    ...(user.name === undefined ? {} : { name: user.name }),
  };
}

function invalidToken(): IdentityError {
  return new IdentityError("NotAuthorizedException", "Invalid Access Token");
}

function expired(): IdentityError {
  return new IdentityError("NotAuthorizedException", "Access Token has expired");
}
