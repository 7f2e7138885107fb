/**
 * SignUp, ConfirmSignUp, ResendConfirmationCode.
 *
 * N1. An address is signed up once: no second sign-up changes its password, not even before it is confirmed.
 * N2. Confirming shows whose the address is, not who chose the password: it lets the password in only for the requester who signed up.
 *     Where another confirms, or the account was given a group meanwhile, a password set by a mailed code comes before the first sign-in.
 * N3. An address of the network may be shared. Who asks for the code again with no device of their own may be another person at it, so
 *     from then on the sign-up has no owner.
 */
import type { AwsCaller } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { codeRefused } from "./codes.ts";
import { countedCredentials } from "./credentials.ts";
import { neutraliseName } from "./display-name.ts";
import { maskEmail, normaliseEmail } from "./email.ts";
import { type PoolEngine, unsigned, wait } from "./engine.ts";
import { mailCode, pretendToMail } from "./mailed-codes.ts";
import { checkPassword } from "./password-policy.ts";
import { attribute, ClientId, ClientMetadata, ConfirmationCode, checkClient, Password, UserAttributes, Username } from "./request.ts";
import { requesterOf } from "./requester.ts";

const SignUp = z.object({ ClientId, Username, Password, UserAttributes: UserAttributes.optional(), ClientMetadata });
const ConfirmSignUp = z.object({ ClientId, Username, ConfirmationCode, ClientMetadata });
const Resend = z.object({ ClientId, Username, ClientMetadata });

/**
 * Those that sign up (N1 to N3).
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
 */
export const signUpOperations = {
  SignUp: wait(SignUp, signUp, unsigned),
  ConfirmSignUp: wait(ConfirmSignUp, confirmSignUp, unsigned),
  ResendConfirmationCode: wait(Resend, resend, unsigned),
};

async function signUp(engine: PoolEngine, request: z.output<typeof SignUp>, { address }: AwsCaller): Promise<JsonObject> {
  const { ClientId, Username, Password, UserAttributes, ClientMetadata } = request;
  const { store, ids, users, settings } = engine;
  checkClient(engine, ClientId);
  const email = normaliseEmail(attribute(UserAttributes, "email") ?? Username);
  const name = neutraliseName(attribute(UserAttributes, "name") ?? "");
  await checkPassword(Password, settings().minimumPasswordLength, [email, name]);
  const requester = requesterOf(address, ClientMetadata);
  const sub = ids.uuid();
  const limit = { kind: "sign-up-from", most: settings().signUpsPerAddress } as const;
  const credentials = await countedCredentials(engine, limit, sub, Password, requester.sourceAddress);
  const user = await store.transact((tx) => {
    const fresh = { sub, kind: "account", status: "UNCONFIRMED", email, ...credentials, signedUpBy: requester.name } as const;
    const made = users.create(tx, name === "" ? fresh : { ...fresh, name });
    mailCode(engine, tx, "confirm", { username: email, user: made }, requester, ClientMetadata?.locale);
    return made;
  });
  return { UserConfirmed: false, UserSub: user.sub, CodeDeliveryDetails: delivery(email) };
}

async function confirmSignUp(engine: PoolEngine, request: z.output<typeof ConfirmSignUp>, { address }: AwsCaller): Promise<JsonObject> {
  const { ClientId, Username, ConfirmationCode, ClientMetadata } = request;
  const { store, users, limits, codes, settings } = engine;
  checkClient(engine, ClientId);
  const { sourceAddress, name } = requesterOf(address, ClientMetadata);
  const outcome = await store.transact((tx) => {
    limits.take(tx, "code-from", sourceAddress, settings().wrongCodesPerAddress);
    const user = users.find(tx, Username);
    const used = codes.use(tx, "confirm", { username: Username, user, requester: name }, ConfirmationCode);
    if (used !== "fits") return used;
    if (user?.status !== "UNCONFIRMED") return "wrong";
    limits.giveBack(tx, "code-from", sourceAddress);
    const ownPassword = user.signedUpBy === name && user.groups.length === 0;
    const status = ownPassword ? "CONFIRMED" : "RESET_REQUIRED";
    users.change(tx, user, { status, ownPassword, emailVerified: true, signedUpBy: undefined });
    return used;
  });
  if (outcome !== "fits") throw codeRefused(outcome);
  return {};
}

async function resend(engine: PoolEngine, request: z.output<typeof Resend>, { address }: AwsCaller): Promise<JsonObject> {
  const { ClientId, Username, ClientMetadata } = request;
  const { store, users } = engine;
  checkClient(engine, ClientId);
  const email = normaliseEmail(Username);
  await store.transact((tx) => {
    const user = users.find(tx, email);
    const [holder, requester] = [{ username: email, user }, requesterOf(address, ClientMetadata)];
    if (user?.status === "UNCONFIRMED") {
      mailCode(engine, tx, "confirm", holder, requester, ClientMetadata?.locale);
      const maybeAnother = requester.device === undefined && requester.name === user.signedUpBy;
      if (maybeAnother) users.change(tx, user, { signedUpBy: undefined });
    } else pretendToMail(engine, tx, "confirm", holder, requester);
  });
  return { CodeDeliveryDetails: delivery(email) };
}

/** Where a code went. */
export function delivery(email: string): JsonObject {
  return { Destination: maskEmail(email), DeliveryMedium: "EMAIL", AttributeName: "email" };
}
