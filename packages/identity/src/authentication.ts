/** From a user who may sign in to tokens. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { PoolEngine } from "./engine.ts";
import { IdentityError, incorrectSignIn } from "./errors.ts";
import type { LimitKind } from "./limits.ts";
import type { User } from "./records.ts";
import type { Requester } from "./requester.ts";
import { sha256 } from "./secrets.ts";
import type { StartedSession } from "./sessions.ts";
import { accessTokenLifeMs } from "./settings.ts";
import { readUser } from "./stored-user.ts";
import type { Counting } from "./tries.ts";

/** What `InitiateAuth` answers under `AuthenticationResult`. */
export type AuthenticationResult = {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
  /** Seconds, in the system's time. */
  readonly ExpiresIn: number;
  readonly TokenType: "Bearer";
};

/** Starts a session in one transaction with whatever makes its user; then signs the tokens. */
export async function signIn(engine: PoolEngine, findUser: (tx: Transaction) => User): Promise<AuthenticationResult> {
  const [user, session] = await engine.store.transact((tx) => {
    const found = findUser(tx);
    return [found, engine.sessions.start(tx, found.sub)] as const;
  });
  return tokensOf(engine, user, session);
}

/** Signs the tokens of a session that is in the store. */
async function tokensOf({ tokens }: PoolEngine, user: User, session: StartedSession): Promise<AuthenticationResult> {
  const signed = await tokens.issue(user, session.id, session.startedMs);
  return { ...signed, RefreshToken: session.refreshToken, ExpiresIn: accessTokenLifeMs / 1000, TokenType: "Bearer" };
}

/** What a refresh token gives. @throws {IdentityError} `NotAuthorizedException` */
export async function refresh(engine: PoolEngine, refreshToken: string, requester: Requester): Promise<AuthenticationResult> {
  const outcome = await engine.store.transact((tx) => {
    const session = engine.sessions.refresh(tx, refreshToken, requester);
    if (session === undefined) return undefined;
    const user = readUser(tx, session.sub);
    if (user === undefined || !user.enabled) throw new IdentityError("NotAuthorizedException", "User is disabled.");
    return { user, session };
  });
  if (outcome === undefined) throw new IdentityError("NotAuthorizedException", "Refresh Token has been revoked");
  return tokensOf(engine, outcome.user, outcome.session);
}

/** How a caller proves that an account is theirs. */
export interface Proof {
  /** Whether it fits. Resolves with false without a user, after the same work. */
  fits(user: User | undefined): Promise<boolean>;
  /** Uses up what is good for one try, in the transaction that counts it; false where that was done before. */
  use?(tx: Transaction): boolean;
}

/** The password itself. */
export function passwordProof({ hashes }: PoolEngine, password: string, { sourceAddress }: Pick<Requester, "sourceAddress">): Proof {
  return { fits: (user) => hashes.verify(user?.passwordHash, password, sourceAddress) };
}

/**
 * Checks a proof of the password. A wrong one counts for the account and who asks; beyond that for the address, and for the account from everywhere.
 * A device that the account knows, and one that is signed in, counts for itself alone: strangers' tries refuse it nothing.
 * @throws {IdentityError} `NotAuthorizedException`, `TooManyRequestsException`
 */
export async function checkSignIn(
  engine: PoolEngine,
  username: string,
  proof: Proof,
  requester: Requester,
  standing: "signed in" | "at the door" = "at the door",
): Promise<User> {
  const { store, users, devices, tries } = engine;
  const [attempt, end] = await tries.begin((counting) =>
    store.transact((tx) => {
      const user = users.find(tx, username);
      const isKnown = standing === "signed in" || devices.isKnown(tx, user?.sub, requester);
      const attempt = attemptOf(engine, user?.sub ?? `unknown ${username.trim().toLowerCase()}`, requester, isKnown);
      attempt.take(tx, counting);
      return { ...attempt, user, isFresh: proof.use?.(tx) ?? true };
    }),
  );
  const { user, isFresh } = attempt;
  try {
    if (!isFresh) throw incorrectSignIn();
    const fits = await proof.fits(user).catch(async (error: unknown) => {
      await store.transact((tx) => attempt.giveBack(tx));
      throw error;
    });
    if (!fits || user === undefined) throw incorrectSignIn();
    return await store.transact((tx) => {
      const current = readUser(tx, user.sub);
      if (current?.passwordHash !== user.passwordHash) throw incorrectSignIn();
      attempt.succeed(tx);
      return current as User;
    });
  } finally {
    end();
  }
}

const pairOf = (subject: string, requester: string): string => sha256(`${subject} ${requester}`);

/** Forgets the wrong passwords of who has just shown that the account is theirs. */
export function forgiveTries({ limits }: PoolEngine, tx: Transaction, sub: string, { sourceAddress, name }: Requester): void {
  for (const requester of [name, `address ${sourceAddress}`]) limits.clear(tx, "password", pairOf(sub, requester));
}

/** One try of a password, under every limit that concerns it. */
function attemptOf({ limits, settings }: PoolEngine, subject: string, { sourceAddress, name }: Requester, isKnown: boolean) {
  // Who is unknown counts by address: a new device id at each try would make each the first.
  const pair = pairOf(subject, isKnown ? name : `address ${sourceAddress}`);
  const account = sha256(subject);
  const { wrongPasswordsPerRequester, wrongPasswordsPerAddress, wrongPasswordsPerAccount } = settings();
  const giveBackOthers = (tx: Transaction): void => {
    if (isKnown) return;
    limits.giveBack(tx, "password-from", sourceAddress);
    limits.giveBack(tx, "password-for", account);
  };
  return {
    take(tx: Transaction, counting: Counting): void {
      const take = (kind: LimitKind, subject: string, most: number): void => {
        counting.next(`${kind} ${subject}`);
        limits.take(tx, kind, subject, most);
      };
      take("password", pair, wrongPasswordsPerRequester);
      if (!isKnown) {
        take("password-from", sourceAddress, wrongPasswordsPerAddress);
        take("password-for", account, wrongPasswordsPerAccount);
      }
      counting.done();
    },
    giveBack(tx: Transaction): void {
      limits.giveBack(tx, "password", pair);
      giveBackOthers(tx);
    },
    succeed(tx: Transaction): void {
      limits.clear(tx, "password", pair);
      giveBackOthers(tx);
    },
  };
}

/** An answer with the tokens in Cognito's place. */
export function authenticated(result: AuthenticationResult): JsonObject {
  return { AuthenticationResult: result, ChallengeParameters: {} };
}
