/** What the operator may change. Times are in the system's own time. */
export interface UserPoolSettings {
  /** Shortest password, at least 8. */
  readonly minimumPasswordLength: number;
  /** Wrong passwords in 15 minutes: of one device or address for one account; from one address; for one account from everywhere. */
  readonly wrongPasswordsPerRequester: number;
  readonly wrongPasswordsPerAddress: number;
  readonly wrongPasswordsPerAccount: number;
  /** Wrong codes from one address in 15 minutes; each code has tries of its own. */
  readonly wrongCodesPerAddress: number;
  /** New accounts from one address in 15 minutes. */
  readonly signUpsPerAddress: number;
  /** E-mails to one address in 15 minutes: asked for by one device or address; by all. */
  readonly mailsPerRequester: number;
  readonly mailsPerAccount: number;
}

/** The settings of a pool that is given none. */
export const defaultSettings: UserPoolSettings = {
  minimumPasswordLength: 12,
  wrongPasswordsPerRequester: 10,
  wrongPasswordsPerAddress: 100,
  wrongPasswordsPerAccount: 1000,
  wrongCodesPerAddress: 1000,
  signUpsPerAddress: 1000,
  mailsPerRequester: 5,
  mailsPerAccount: 20,
};

/** A minute in ms. */
export const minuteMs = 60_000;
/** How long an access token is valid: an hour. */
export const accessTokenLifeMs = 60 * minuteMs;
/** How long a session lasts: 30 days from its sign-in. */
export const refreshTokenLifeMs = 30 * 24 * 60 * minuteMs;
/** How long the refresh token before the newest is still taken. */
export const refreshGraceMs = 60_000;
/** How long a device that has signed in is known to the account. */
export const knownDeviceLifeMs = 90 * 24 * 60 * minuteMs;
/** The window in which attempts are counted. */
export const limitWindowMs = 15 * minuteMs;
/** How long a challenge of a sign-in may be answered. */
export const challengeLifeMs = 3 * minuteMs;
/** How long a mailed code can be entered. */
export const codeLifeMs = 10 * minuteMs;
/** The wrong tries after which a code ends. */
export const maxCodeTries = 5;
