/**
 * Who uses this device.
 *
 * N1. The access token stays in memory; the refresh token in the vault, under the addresses that issued it: other settings find no token.
 * N2. A refresh token is read from the vault at each use, for another tab may have rotated it, and the new one is kept before it is needed.
 * N3. One refresh at a time. No answer, or one about something else, leaves the session as it is; the pool's refusal of the token ends it, and says so.
 * N4. Signing out ends the session of this device alone, whatever else its user is signed in to.
 */
import { type Signal, signal } from "@preact/signals";
import type { ServerClock } from "./clock.ts";
import { Problem } from "./problem.ts";
import { readClaims, type Tokens, type UserPool } from "./user-pool.ts";
import type { Vault } from "./vault.ts";

/** The user who is signed in, as the id token's claims say. */
export interface User {
  readonly sub: string;
  readonly name: string;
  /** In group `admin`: baristas and displays. */
  readonly isAdmin: boolean;
  /** In group `operator`: the console. */
  readonly isOperator: boolean;
  /** Has an e-mail address and a password, and so may be signed in on other devices too. */
  readonly hasAccount: boolean;
}

/** The session of this app on this device. */
export interface Session {
  /** `undefined` until restored, `null` when signed out. */
  readonly user: Signal<User | null | undefined>;
  /** True where the server ended the session. */
  readonly ended: Signal<boolean>;
  restore(): Promise<void>;
  /** Takes over tokens just issued. */
  adopt(tokens: Tokens, name?: string): Promise<void>;
  /** A token good for at least some seconds more. Rejects if the session has ended or the pool cannot be reached. */
  accessToken(): Promise<string>;
  /** When the token in memory should be renewed, on the server's clock; 0 without one. */
  renewAtMs(): number;
  /** Forgets the token in memory that the server has refused. */
  discardAccessToken(): void;
  /** Ends this device's session (N4); it is forgotten here even where the pool cannot be reached. */
  signOut(): Promise<void>;
  /** Ends every session of the user. Rejects, and ends none, where the pool cannot be reached. */
  signOutEverywhere(): Promise<void>;
}

interface Kept {
  readonly refreshToken: string;
  readonly user: KeptUser;
}
/** As this release or one before it kept a user: the first ones knew of no operators. */
type KeptUser = Omit<User, "isOperator"> & Partial<Pick<User, "isOperator">>;

/** Where the session is kept and who issues its tokens. */
export interface SessionOptions {
  readonly app: string;
  readonly vault: Vault;
  readonly pool: UserPool;
  /** Identifies who issues the tokens (N1). */
  readonly issuer: () => string;
  readonly serverClock: ServerClock;
}

/** What the pool says of a refresh token that is good no more. A queue at its door, or a stranger's page in between, says something else. */
const refusals = new Set(["NotAuthorizedException", "ResourceNotFoundException", "InvalidParameterException"]);

/** Guests and paired devices have no address, or one of the domain that no mail goes to. */
const isReachable = (email: string): boolean => email !== "" && !email.endsWith(".invalid");

/** A token is renewed once less than this part of its life is left. */
const RENEW_BELOW = 0.15;

/** Returns a session that has not been restored. */
export function createSession({ app, vault, pool, issuer, serverClock }: SessionOptions): Session {
  const user = signal<User | null | undefined>(undefined);
  const ended = signal(false);
  let access: { token: string; renewAtMs: number } | undefined;
  let refreshing: Promise<string> | undefined;
  const key = (): string => `${app} ${issuer()}`;

  async function accessToken(): Promise<string> {
    if (access && serverClock.nowMs() < access.renewAtMs) return access.token;
    refreshing ??= refresh().finally(() => void (refreshing = undefined));
    return refreshing;
  }

  async function refresh(): Promise<string> {
    const kept = (await vault.get(key())) as Kept | undefined;
    if (!kept) {
      user.value = null; // another tab has signed out
      throw new Problem("NotAuthorizedException", 401, "signed out");
    }
    try {
      await adopt(await pool.refresh(kept.refreshToken), kept.user.name);
    } catch (error) {
      if (error instanceof Problem && refusals.has(error.type)) {
        ended.value = true;
        await end();
      }
      throw error;
    }
    return access?.token ?? "";
  }

  async function adopt(tokens: Tokens, name?: string): Promise<void> {
    const claims = readClaims(tokens.AccessToken);
    const profile = tokens.IdToken === undefined ? undefined : readClaims(tokens.IdToken);
    const next: User = {
      sub: claims.sub,
      name: name ?? (profile?.name || (user.value?.name ?? "")),
      isAdmin: claims.groups.includes("admin"),
      isOperator: claims.groups.includes("operator"),
      hasAccount: profile === undefined ? (user.value?.hasAccount ?? false) : isReachable(profile.email),
    };
    const nowMs = serverClock.nowMs();
    access = { token: tokens.AccessToken, renewAtMs: claims.expiresMs - (claims.expiresMs - nowMs) * RENEW_BELOW };
    if (tokens.RefreshToken) await vault.set(key(), { refreshToken: tokens.RefreshToken, user: next } satisfies Kept);
    ended.value = false;
    if (JSON.stringify(user.value) !== JSON.stringify(next)) user.value = next;
  }

  async function end(): Promise<void> {
    access = undefined;
    await vault.set(key(), undefined);
    user.value = null;
  }

  return {
    user,
    ended,
    adopt,
    accessToken,
    async restore() {
      const kept = (await vault.get(key())) as Kept | undefined;
      user.value = kept === undefined ? null : { ...kept.user, isOperator: kept.user.isOperator ?? false };
      // A new token carries it.
      if (kept !== undefined && kept.user.isOperator === undefined) void accessToken().catch(() => {});
    },
    renewAtMs: () => access?.renewAtMs ?? 0,
    discardAccessToken: () => void (access = undefined),
    async signOut() {
      await refreshing?.catch(() => {}); // or its answer would sign in again
      const kept = (await vault.get(key())) as Kept | undefined;
      await end();
      if (kept) await pool.revoke(kept.refreshToken).catch(() => {});
    },
    async signOutEverywhere() {
      await pool.signOutEverywhere(await accessToken());
      await end();
    },
  };
}
