import type { PasswordlessUser } from "@serverlesspresso/ports";
import { type AuthenticationResult, signIn } from "./authentication.ts";
import { neutraliseName } from "./display-name.ts";
import type { PoolEngine } from "./engine.ts";
import { IdentityError, invalid } from "./errors.ts";
import { readUser } from "./stored-user.ts";

/**
 * Signs guests and devices in, whom their first sign-in makes.
 * @throws {IdentityError} `InvalidParameterException` for a name that shows nothing, `NotAuthorizedException`, `UserNotFoundException` for a repeat
 */
export function signInWithoutPassword(engine: PoolEngine) {
  return async ({ id, kind, name, groups = [], isRepeat = false }: PasswordlessUser): Promise<AuthenticationResult> => {
    const shown = neutraliseName(name);
    if (shown === "") throw invalid("The name has nothing that can be called out.");
    return signIn(engine, (tx) => {
      const known = readUser(tx, id);
      if (known === undefined && isRepeat) throw new IdentityError("UserNotFoundException", "User does not exist.");
      if (known !== undefined && (known.kind !== kind || !known.enabled)) {
        throw new IdentityError("NotAuthorizedException", "User is disabled.");
      }
      return known ?? engine.users.create(tx, { sub: id, kind, name: shown, groups });
    });
  };
}
