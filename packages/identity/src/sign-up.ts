/** SignUp, ConfirmSignUp, ResendConfirmationCode. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { type CodePurpose, codeRefused } from "./codes.ts";
import type { Core, Operation } from "./core.ts";
import { neutraliseName } from "./display-name.ts";
import { maskEmail, normaliseEmail } from "./email.ts";
import { IdentityError } from "./errors.ts";
import { mailText } from "./mail-texts.ts";
import { checkPassword } from "./password-policy.ts";
import type { User } from "./records.ts";
import {
  attribute,
  ClientId,
  ClientMetadata,
  ConfirmationCode,
  checkClient,
  Password,
  parse,
  UserAttributes,
  Username,
} from "./request.ts";

const SignUp = z.object({ ClientId, Username, Password, UserAttributes: UserAttributes.optional(), ClientMetadata });
const ConfirmSignUp = z.object({ ClientId, Username, ConfirmationCode });
const Resend = z.object({ ClientId, Username, ClientMetadata });

export function signUpOperations(core: Core): Record<"SignUp" | "ConfirmSignUp" | "ResendConfirmationCode", Operation> {
  const { store, users, limits, hashes, codes, settings } = core;
  return {
    async SignUp(request, { sourceAddress }) {
      const { ClientId, Username, Password, UserAttributes, ClientMetadata } = parse(SignUp, request);
      checkClient(core, ClientId);
      const email = normaliseEmail(attribute(UserAttributes, "email") ?? Username);
      const name = neutraliseName(attribute(UserAttributes, "name") ?? "");
      checkPassword(Password, settings().minimumPasswordLength, [email, name]);
      await store.transact((tx) => limits.take(tx, "sign-up-from", sourceAddress, settings().signUpsPerAddress));
      const passwordHash = await hashes.hash(Password);
      const user = await store.transact((tx) => {
        const made = enroll(tx, { email, passwordHash, ...(name === "" ? {} : { name }) });
        mailCode(core, tx, "confirm", made.sub, email, ClientMetadata?.locale);
        return made;
      });
      return { UserConfirmed: false, UserSub: user.sub, CodeDeliveryDetails: delivery(email) };
    },
    async ConfirmSignUp(request, { sourceAddress }) {
      const { ClientId, Username, ConfirmationCode } = parse(ConfirmSignUp, request);
      checkClient(core, ClientId);
      const outcome = await store.transact((tx) => {
        limits.take(tx, "code-from", sourceAddress, settings().wrongPasswordsPerAddress);
        const user = users.find(tx, Username);
        const used = codes.use(tx, "confirm", user?.sub, ConfirmationCode);
        if (used !== "fits" || user === undefined) return used === "fits" ? "none" : used;
        limits.giveBack(tx, "code-from", sourceAddress);
        users.change(tx, user, { status: "CONFIRMED", emailVerified: true });
        return used;
      });
      if (outcome !== "fits") throw codeRefused(outcome);
      return {};
    },
    async ResendConfirmationCode(request) {
      const { ClientId, Username, ClientMetadata } = parse(Resend, request);
      checkClient(core, ClientId);
      const email = normaliseEmail(Username);
      await store.transact((tx) => {
        const user = users.find(tx, email);
        // The limit counts for addresses nobody has, too: the answer must not tell them apart.
        if (user?.status === "UNCONFIRMED") mailCode(core, tx, "confirm", user.sub, email, ClientMetadata?.locale);
        else limits.take(tx, "mail", email, settings().mailsPerAccount);
      });
      return { CodeDeliveryDetails: delivery(email) };
    },
  };

  /** A new account, or one that was never confirmed begun again: until then nobody has shown that the address is theirs. */
  function enroll(tx: Transaction, account: { email: string; passwordHash: string; name?: string }): User {
    const existing = users.find(tx, account.email);
    if (existing === undefined) return users.create(tx, { kind: "account", status: "UNCONFIRMED", ...account });
    if (existing.status === "UNCONFIRMED") return users.change(tx, existing, account);
    throw new IdentityError("UsernameExistsException", "An account with the given email already exists.");
  }
}

/** Makes a code and writes its mail, within the limit of mails to one address. */
export function mailCode(
  { limits, codes, outbox, settings }: Core,
  tx: Transaction,
  purpose: CodePurpose,
  sub: string,
  email: string,
  locale: string | undefined,
): void {
  limits.take(tx, "mail", email, settings().mailsPerAccount);
  outbox.put(tx, { to: email, ...mailText(purpose, codes.make(tx, purpose, sub), locale) });
}

/** Where a code went. */
export function delivery(email: string): JsonObject {
  return { Destination: maskEmail(email), DeliveryMedium: "EMAIL", AttributeName: "email" };
}
