/** What the operator may change. Times are in the system's own time. */
export interface UserPoolSettings {
  /** Whether `signInGuest` is open. */
  readonly guestsAllowed: boolean;
  /** Shortest password, at least 8. */
  readonly minimumPasswordLength: number;
  /** New guests from one address in 15 minutes; a conference has one address. */
  readonly guestsPerAddress: number;
  /** Wrong passwords for one account, and from one address, in 15 minutes. */
  readonly wrongPasswordsPerAccount: number;
  readonly wrongPasswordsPerAddress: number;
  /** New accounts from one address in 15 minutes. */
  readonly signUpsPerAddress: number;
  /** E-mails to one address in 15 minutes. */
  readonly mailsPerAccount: number;
}

export const defaultSettings: UserPoolSettings = {
  guestsAllowed: true,
  minimumPasswordLength: 12,
  guestsPerAddress: 1000,
  wrongPasswordsPerAccount: 10,
  wrongPasswordsPerAddress: 100,
  signUpsPerAddress: 1000,
  mailsPerAccount: 5,
};

export const minuteMs = 60_000;
export const accessTokenLifeMs = 60 * minuteMs;
export const refreshTokenLifeMs = 30 * 24 * 60 * minuteMs;
/** How long the refresh token before the newest is still taken. */
export const refreshGraceMs = 60_000;
export const limitWindowMs = 15 * minuteMs;
export const codeLifeMs = 10 * minuteMs;
export const maxCodeTries = 5;
