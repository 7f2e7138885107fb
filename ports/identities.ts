/** Tokens as Cognito's `InitiateAuth` returns them. */
export type Tokens = {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
  /** Seconds, in the system's time. */
  readonly ExpiresIn: number;
  readonly TokenType: "Bearer";
};

/** A user without a password: a guest or a paired device. */
export interface PasswordlessUser {
  /** A UUID, unique among users of its kind. The local pool takes it as the user's id; Cognito, which makes ids itself, has it in the user's address. */
  readonly id: string;
  readonly kind: "guest" | "device";
  /** The pool keeps it without hidden characters, at most 40 characters long. */
  readonly name: string;
  /** The groups that the user joins when it is made. */
  readonly groups?: readonly string[];
  /** Whether only a user made by an earlier call is signed in. */
  readonly isRepeat?: boolean;
}

/**
 * The user pool, for users who have no password.
 * Failures carry Cognito's code in `name`: `InvalidParameterException` where nothing of the name can be shown, `NotAuthorizedException` for a
 * disabled user, `UserNotFoundException` for a repeat whose user is gone, `TooManyRequestsException` where the pool takes no more at this moment.
 */
export interface Identities {
  /** Signs a user in, whom the first call with an id makes and each further one finds. Resolves once both are durable. */
  signInWithoutPassword(user: PasswordlessUser): Promise<Tokens>;
}
