import { ConfirmedPairing, StartedPairing, Tokens, WaitingPairing } from "@serverlesspresso/contract/api";
import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { confirmPairing } from "./confirm-pairing.ts";
import { pollPairing } from "./poll-pairing.ts";
import { signInAsGuest } from "./sign-in-as-guest.ts";
import { startPairing } from "./start-pairing.ts";

/** Access without a password: guests by a name, displays and tablets by an operator. */
export const service = defineService(import.meta.url, "access", (names) => {
  const counting = use.table(names.platformTable, "GetItem", "PutItem", "UpdateItem");
  // A device that asks in vain asks again.
  const timeoutSeconds = 10;
  return {
    routes: [
      {
        operationId: "signInAsGuest",
        summary: "Signs a guest in by the name on the cup",
        method: "POST",
        path: "/guests",
        who: "public",
        function: "SignInAsGuest",
        rateLimit: "signIn",
        success: { status: 201, description: "tokens", schema: Tokens },
        problems: ["accounts-required", "invalid-body"],
      },
      {
        operationId: "startPairing",
        summary: "Gives a display or tablet a code to show",
        method: "POST",
        path: "/pairings",
        who: "public",
        function: "StartPairing",
        rateLimit: "pairing",
        success: { status: 201, description: "the code, and the secret that the device polls with", schema: StartedPairing },
        problems: ["invalid-body"],
      },
      {
        operationId: "pollPairing",
        summary: "The tokens of the device whose secret is the bearer, once its code is confirmed",
        method: "GET",
        path: "/pairings/current",
        who: "public",
        bearer: "deviceSecret",
        function: "PollPairing",
        rateLimit: "pairing",
        success: { status: 200, description: "tokens", schema: Tokens },
        pending: { description: "the code is not confirmed yet", schema: WaitingPairing },
        problems: ["not-signed-in", "code-expired"],
      },
      {
        operationId: "confirmPairing",
        summary: "Lets the device in that shows the code",
        method: "POST",
        path: "/pairings/{code}",
        who: "operator",
        function: "ConfirmPairing",
        rateLimit: "pairing",
        success: { status: 200, description: "the device", schema: ConfirmedPairing },
        problems: ["unknown-code"],
      },
    ],
    functions: {
      SignInAsGuest: {
        handler: signInAsGuest,
        description: "signs a guest in by the name on the cup",
        uses: [counting, use.identities("guest"), use.settings],
        timeoutSeconds,
      },
      StartPairing: {
        handler: startPairing,
        description: "gives a display or tablet a code to show",
        uses: [counting],
        timeoutSeconds,
      },
      PollPairing: {
        handler: pollPairing,
        description: "gives a device its tokens once its code is confirmed",
        uses: [use.table(names.platformTable, "GetItem", "UpdateItem"), use.identities("device")],
        timeoutSeconds,
      },
      ConfirmPairing: {
        handler: confirmPairing,
        description: "lets a device in whose code an operator confirms",
        uses: [counting],
        timeoutSeconds,
      },
    },
  };
});
