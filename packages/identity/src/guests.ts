import { type AuthenticationResult, signIn } from "./authentication.ts";
import { neutraliseName } from "./display-name.ts";
import type { PoolEngine } from "./engine.ts";
import { IdentityError, invalid } from "./errors.ts";
import { requesterOf } from "./requester.ts";

/** A guest's sign-in: a name, and no account. */
export interface GuestRequest {
  readonly sourceAddress: string;
  readonly name: string;
  /** The unguessable id that the phone keeps; absent where it says none. */
  readonly device?: string | undefined;
}

/**
 * Signs a guest in: a new user with a name and nothing else, in no group.
 * @throws {IdentityError} `NotAuthorizedException` where accounts are required; `InvalidParameterException` for an empty name; `TooManyRequestsException`
 */
export function guestSignIn(engine: PoolEngine) {
  const { limits, users, settings } = engine;
  return async ({ name, sourceAddress, device }: GuestRequest): Promise<AuthenticationResult> => {
    const { guestsAllowed, guestsPerAddress, guestsPerDevice } = settings();
    const requester = requesterOf(sourceAddress, { device });
    if (!guestsAllowed) throw new IdentityError("NotAuthorizedException", "Guest sign-in is closed; sign in with an account.");
    const shown = neutraliseName(name);
    if (shown === "") throw invalid("The name has nothing that can be called out.");
    return signIn(engine, (tx) => {
      if (requester.device !== undefined) limits.take(tx, "guest-of", requester.device, guestsPerDevice);
      limits.take(tx, "guest-from", sourceAddress, guestsPerAddress);
      return users.create(tx, { kind: "guest", name: shown });
    });
  };
}
