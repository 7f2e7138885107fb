/**
 * What lies in the store; `keys.ts` says under which keys.
 *
 * R1. No record holds a password, a code or a token: only argon2id hashes, keyed hashes and SHA-256 of 256-bit secrets. What SRP needs of a
 *     password lies sealed, under a key that is not in the store (V1).
 *     The outbox alone holds codes, for the operator to read where there is no mail server.
 */
type UserStatus = "UNCONFIRMED" | "CONFIRMED" | "RESET_REQUIRED" | "FORCE_CHANGE_PASSWORD";
/** `account`: e-mail and password. `guest`: a name alone. `device`: a paired display or tablet. */
export type UserKind = "account" | "guest" | "device";

/** An account, a guest or a paired device. */
export interface User {
  readonly sub: string;
  readonly kind: UserKind;
  readonly email?: string;
  readonly emailVerified: boolean;
  readonly name?: string;
  readonly status: UserStatus;
  readonly enabled: boolean;
  readonly passwordHash?: string;
  /** Beside the hash it belongs to; absent in accounts of earlier releases. */
  readonly srp?: SrpVerifier;
  /** Who signed up, until the sign-up is confirmed; absent if that is no longer known. */
  readonly signedUpBy?: string | undefined;
  /** Whether the password is known to come from who has the address, or from an operator; absent in accounts of earlier releases. */
  readonly ownPassword?: boolean;
  readonly groups: readonly string[];
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** What SRP needs of a password. */
export interface SrpVerifier {
  /** In hexadecimal. */
  readonly salt: string;
  /** The verifier, sealed; in base64url. */
  readonly sealed: string;
}

/** One sign-in and all refresh tokens that follow from it; in those of earlier releases there is more, which follows from this and the key. */
export interface Session {
  /** SHA-256 of the newest refresh token's secret, and of the one before it. */
  readonly hash: string;
  readonly previousHash?: string;
  /** The device that used the one before it, hashed; absent where it said none. */
  readonly rotatedBy?: string;
  /** Absent until it is rotated for the first time. */
  readonly rotatedMs?: number;
  readonly startedMs: number;
}

/** A mailed code. */
export interface Code {
  readonly hash: string;
  /** A keyed hash of the account as it was; absent in codes of earlier releases, which no longer count. */
  readonly boundTo?: string;
  readonly triesLeft: number;
  readonly expiresMs: number;
}

/** Attempts in the current window. */
export interface Limit {
  readonly count: number;
  readonly expiresMs: number;
}

/** A group of users. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly createdMs: number;
}

/** `unconfirmed`: to an address that a stranger may have typed. The others go to people the pool knows. */
export type MailLane = "unconfirmed" | "reset" | "invite";

/** A mail that waits for a mail server, or for the operator to read it. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Whose mails it is bounded with; absent in those of earlier releases. */
  readonly lane?: MailLane;
  readonly writtenMs: number;
}

/** The pool's own names, made on the first start. */
export interface PoolRecord {
  readonly poolId: string;
  readonly clientId: string;
  readonly createdMs: number;
  /** Set when every account has a verifier that this key file opens; absent where an earlier release may have left one without. */
  readonly verifiedBy?: string;
}
