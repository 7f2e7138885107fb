/**
 * SignUp, ConfirmSignUp, ResendConfirmationCode.
 *
 * N1. An address is signed up once: while nobody has confirmed it, too, no second sign-up changes its password.
 * N2. Confirming shows whose the address is, not who chose the password. Where the account was given a group meanwhile, the one who
 *     confirms sets the password by a mailed code before anybody enters.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { type CodeHolder, type CodePurpose, codeRefused } from "./codes.ts";
import type { Core, Operation } from "./core.ts";
import { neutraliseName } from "./display-name.ts";
import { maskEmail, normaliseEmail } from "./email.ts";
import { mailText } from "./mail-texts.ts";
import { checkPassword } from "./password-policy.ts";
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
        const fresh = { kind: "account", status: "UNCONFIRMED", email, passwordHash } as const;
        const made = users.create(tx, name === "" ? fresh : { ...fresh, name });
        mailCode(core, tx, "confirm", { username: email, user: made }, ClientMetadata?.locale);
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
        const used = codes.use(tx, "confirm", { username: Username, user }, ConfirmationCode);
        if (used !== "fits") return used;
        if (user?.status !== "UNCONFIRMED") return "wrong";
        limits.giveBack(tx, "code-from", sourceAddress);
        users.change(tx, user, { status: user.groups.length === 0 ? "CONFIRMED" : "RESET_REQUIRED", emailVerified: true });
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
        const locale = ClientMetadata?.locale;
        if (user?.status === "UNCONFIRMED") mailCode(core, tx, "confirm", { username: email, user }, locale);
        else pretendToMail(core, tx, "confirm", { username: email, user });
      });
      return { CodeDeliveryDetails: delivery(email) };
    },
  };
}

/** Makes a code and writes its mail, within the limit of mails to one address. */
export function mailCode(core: Core, tx: Transaction, purpose: CodePurpose, holder: CodeHolder, locale: string | undefined): void {
  const code = pretendToMail(core, tx, purpose, holder);
  core.outbox.put(tx, { to: holder.user?.email ?? holder.username, ...mailText(purpose, code, locale) });
}

/** All that `mailCode` does but the mail: the answers that follow must not tell the two apart. */
export function pretendToMail({ limits, codes, settings }: Core, tx: Transaction, purpose: CodePurpose, holder: CodeHolder): string {
  limits.take(tx, "mail", holder.user?.email ?? holder.username, settings().mailsPerAccount);
  return codes.make(tx, purpose, holder);
}

/** Where a code went. */
export function delivery(email: string): JsonObject {
  return { Destination: maskEmail(email), DeliveryMedium: "EMAIL", AttributeName: "email" };
}
