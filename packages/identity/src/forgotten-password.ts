/** ForgotPassword, ConfirmForgotPassword. */
import { z } from "zod";
import { codeRefused } from "./codes.ts";
import type { Core, Operation } from "./core.ts";
import { normaliseEmail } from "./email.ts";
import { checkPassword } from "./password-policy.ts";
import { ClientId, ClientMetadata, ConfirmationCode, checkClient, Password, parse, Username } from "./request.ts";
import { delivery, mailCode } from "./sign-up.ts";

const Forgot = z.object({ ClientId, Username, ClientMetadata });
const ConfirmForgot = z.object({ ClientId, Username, ConfirmationCode, Password });

export function forgottenPasswordOperations(core: Core): Record<"ForgotPassword" | "ConfirmForgotPassword", Operation> {
  const { store, users, limits, hashes, codes, sessions, settings } = core;
  return {
    async ForgotPassword(request) {
      const { ClientId, Username, ClientMetadata } = parse(Forgot, request);
      checkClient(core, ClientId);
      const email = normaliseEmail(Username);
      await store.transact((tx) => {
        const user = users.find(tx, email);
        if (user?.enabled) mailCode(core, tx, "reset", user.sub, email, ClientMetadata?.locale);
        else limits.take(tx, "mail", email, settings().mailsPerAccount);
      });
      return { CodeDeliveryDetails: delivery(email) };
    },
    async ConfirmForgotPassword(request, { sourceAddress }) {
      const { ClientId, Username, ConfirmationCode, Password } = parse(ConfirmForgot, request);
      checkClient(core, ClientId);
      checkPassword(Password, settings().minimumPasswordLength, [Username]);
      await store.transact((tx) => limits.take(tx, "code-from", sourceAddress, settings().wrongPasswordsPerAddress));
      const passwordHash = await hashes.hash(Password);
      const outcome = await store.transact((tx) => {
        const user = users.find(tx, Username);
        const used = codes.use(tx, "reset", user?.sub, ConfirmationCode);
        if (used !== "fits" || user === undefined) return used === "fits" ? "none" : used;
        // The code came by mail, so it also shows that the address is the user's.
        users.change(tx, user, { passwordHash, status: "CONFIRMED", emailVerified: true });
        sessions.endAll(tx, user.sub);
        limits.clear(tx, "password", user.sub);
        limits.giveBack(tx, "code-from", sourceAddress);
        return used;
      });
      if (outcome !== "fits") throw codeRefused(outcome);
      return {};
    },
  };
}
