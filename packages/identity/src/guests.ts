import { type AuthenticationResult, signIn } from "./authentication.ts";
import type { Caller, Core } from "./core.ts";
import { neutraliseName } from "./display-name.ts";
import { IdentityError } from "./errors.ts";

/**
 * Signs a guest in: a new user with a name and nothing else, in no group.
 * @throws {IdentityError} `NotAuthorizedException` where accounts are required; `InvalidParameterException` for an empty name; `TooManyRequestsException`
 */
export function guestSignIn(core: Core) {
  const { limits, users, settings } = core;
  return async ({ name, sourceAddress }: Caller & { readonly name: string }): Promise<AuthenticationResult> => {
    const { guestsAllowed, guestsPerAddress } = settings();
    if (!guestsAllowed) throw new IdentityError("NotAuthorizedException", "Guest sign-in is closed; sign in with an account.");
    const shown = neutraliseName(name);
    if (shown === "") throw new IdentityError("InvalidParameterException", "The name has nothing that can be called out.");
    return signIn(core, (tx) => {
      limits.take(tx, "guest-from", sourceAddress, guestsPerAddress);
      return users.create(tx, { kind: "guest", name: shown });
    });
  };
}
