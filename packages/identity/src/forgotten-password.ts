/**
 * ForgotPassword, ConfirmForgotPassword.
 *
 * F1. Who enters the mailed code has the address and has just chosen the password: it confirms a sign-up that nobody confirmed, whoever
 *     began it, with the new password alone. (Cognito mails no code there; its owner confirms first.)
 */
import { z } from "zod";
import { codeRefused } from "./codes.ts";
import type { Core, Operation } from "./core.ts";
import { normaliseEmail } from "./email.ts";
import { checkPassword } from "./password-policy.ts";
import { ClientId, ClientMetadata, ConfirmationCode, checkClient, Password, parse, Username } from "./request.ts";
import { delivery, mailCode, pretendToMail } from "./sign-up.ts";

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
        if (user?.enabled) mailCode(core, tx, "reset", { username: email, user }, ClientMetadata?.locale);
        else pretendToMail(core, tx, "reset", { username: email, user });
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
        const used = codes.use(tx, "reset", { username: Username, user }, ConfirmationCode);
        if (used !== "fits") return used;
        if (!user?.enabled) return "wrong";
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
