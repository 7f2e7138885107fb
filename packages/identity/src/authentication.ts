/** From a user who may sign in to tokens. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Core } from "./core.ts";
import { IdentityError, incorrectSignIn } from "./errors.ts";
import { keys, type User } from "./records.ts";
import type { StartedSession } from "./sessions.ts";
import { accessTokenLifeMs } from "./settings.ts";

/** What `InitiateAuth` answers under `AuthenticationResult`. */
export type AuthenticationResult = {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
  /** Seconds, in the system's time. */
  readonly ExpiresIn: number;
  readonly TokenType: "Bearer";
};

/** Signs the tokens of a session that is in the store. */
async function tokensOf({ tokens }: Core, user: User, session: StartedSession): Promise<AuthenticationResult> {
  const signed = await tokens.issue(user, session.id, session.startedMs);
  return { ...signed, RefreshToken: session.refreshToken, ExpiresIn: accessTokenLifeMs / 1000, TokenType: "Bearer" };
}

/** Starts a session in one transaction with whatever makes its user; then signs the tokens. */
export async function signIn(core: Core, findUser: (tx: Transaction) => User): Promise<AuthenticationResult> {
  const [user, session] = await core.store.transact((tx) => {
    const found = findUser(tx);
    return [found, core.sessions.start(tx, found.sub)] as const;
  });
  return tokensOf(core, user, session);
}

/** What a refresh token gives. @throws {IdentityError} `NotAuthorizedException` */
export async function refresh(core: Core, refreshToken: string): Promise<AuthenticationResult> {
  const outcome = await core.store.transact((tx) => {
    const session = core.sessions.refresh(tx, refreshToken);
    if (session === undefined) return undefined;
    const user = tx.get<User>(keys.user(session.sub));
    if (user === undefined || !user.enabled) throw new IdentityError("NotAuthorizedException", "User is disabled.");
    return { user, session };
  });
  if (outcome === undefined) throw new IdentityError("NotAuthorizedException", "Refresh Token has been revoked");
  return tokensOf(core, outcome.user, outcome.session);
}

/**
 * Checks a password under the limits of account and address; a wrong one counts against both.
 * @throws {IdentityError} `NotAuthorizedException`, `TooManyRequestsException`
 */
export async function checkSignIn(core: Core, username: string, password: string, sourceAddress: string): Promise<User> {
  const { store, users, limits, hashes, settings } = core;
  const { wrongPasswordsPerAccount, wrongPasswordsPerAddress } = settings();
  const subjectOf = (user: User | undefined): string => user?.sub ?? `unknown ${username.trim().toLowerCase()}`;
  const user = await store.transact((tx) => {
    const found = users.find(tx, username);
    limits.take(tx, "password", subjectOf(found), wrongPasswordsPerAccount);
    limits.take(tx, "password-from", sourceAddress, wrongPasswordsPerAddress);
    return found;
  });
  const fits = await hashes.verify(user?.passwordHash, password);
  if (!fits || user === undefined) throw incorrectSignIn();
  return store.transact((tx) => {
    const current = tx.get<User>(keys.user(user.sub));
    if (current?.passwordHash !== user.passwordHash) throw incorrectSignIn();
    limits.clear(tx, "password", user.sub);
    limits.giveBack(tx, "password-from", sourceAddress);
    return current as User;
  });
}

/** An answer with the tokens in Cognito's place. */
export function authenticated(result: AuthenticationResult): JsonObject {
  return { AuthenticationResult: result, ChallengeParameters: {} };
}
