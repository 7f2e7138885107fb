/**
 * `POST /guests`: signs a guest in by the name on the cup.
 *
 * G1. A device and an address bring so many guests in a quarter of an hour and no more; one that says no device counts by its address alone.
 * G2. A sign-in that failed counts for nothing.
 */
import { GuestBody } from "@serverlesspresso/contract/api";
import { routeFunction } from "../edges/route-function.ts";
import type { Deps } from "../shared/deps.ts";
import { deviceOf } from "../shared/device.ts";
import { isNamed } from "../shared/errors.ts";
import { countTry, giveBack, type Limit } from "../shared/limits.ts";
import { ProblemError } from "../shared/problem-error.ts";
import { refuseRush } from "./rush.ts";

const windowMs = 900_000;

/** The route's function. */
export const signInAsGuest = routeFunction({ body: GuestBody }, (deps) => async ({ body, headers, address }) => {
  if (!deps.settings.guestsAllowed) {
    throw new ProblemError("accounts-required", "This shop asks for an account. Sign in with e-mail and password.");
  }
  const counted = await countTry(deps, ...limitsOf(deps, address, deviceOf(headers)));
  try {
    const user = { id: deps.ids.uuid(), kind: "guest", name: body.name } as const;
    return { statusCode: 201, body: await deps.identities.signInWithoutPassword(user) };
  } catch (error) {
    await giveBack(deps, ...counted);
    throw isNamed(error, "InvalidParameterException") ? namelessGuest() : refuseRush(error);
  }
});

/** G1. */
function limitsOf({ settings }: Deps, address: string, device: string | undefined): Limit[] {
  const ofAddress = { kind: "guest-from", subject: address, most: settings.guestsPerAddress, windowMs, isShared: true };
  return device === undefined ? [ofAddress] : [{ kind: "guest-of", subject: device, most: settings.guestsPerDevice, windowMs }, ofAddress];
}

function namelessGuest(): ProblemError {
  return new ProblemError("invalid-body", "The name has nothing that can be called out.");
}
