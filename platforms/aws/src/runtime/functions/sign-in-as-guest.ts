/** `POST /guests`. */

import { Refusal, tooManyRequests } from "@serverlesspresso/blueprint/edge/refusal.ts";
import { guestSignIn } from "@serverlesspresso/blueprint/routes.ts";
import type { GuestBody } from "@serverlesspresso/contract/api";
import { neutraliseName } from "@serverlesspresso/identity/display-name";
import type { RouteRequest, RouteResponse } from "@serverlesspresso/ports";
import { apiHandler } from "../api/handler.ts";
import { clock, ids } from "../base.ts";
import { readEnvironment } from "../environment.ts";
import { userPool } from "../wiring/user-pool.ts";

const { GUEST_SIGN_IN } = readEnvironment(["GUEST_SIGN_IN"]);

async function answer({ body }: RouteRequest): Promise<RouteResponse> {
  if (GUEST_SIGN_IN !== "on") {
    throw new Refusal("accounts-required", "This shop asks for an account. Sign in with e-mail and password.");
  }
  const name = neutraliseName((body as GuestBody).name);
  if (name === "") throw new Refusal("invalid-body", "The name has nothing that can be called out.");
  const tokens = await userPool.signInWithoutPassword({ id: ids.ulid(), kind: "guest", name }).catch(refuseRush);
  return { statusCode: 201, body: tokens };
}

/** Cognito takes so many new users a second and no more. */
function refuseRush(error: Error): never {
  throw error.name === "TooManyRequestsException" ? tooManyRequests(2) : error;
}

/** Serves the route that signs a guest in. */
export const handler = apiHandler({ ...guestSignIn, answer }, { clock });
