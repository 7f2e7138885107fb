/**
 * ForgotPassword, ConfirmForgotPassword.
 *
 * F1. Who enters the mailed code has the address and has just chosen the password: it confirms an unconfirmed sign-up, also
 *     a stranger's, with the new password alone. (Cognito mails no code there; its owner confirms first.)
 */
import type { AwsCaller } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { forgiveTries } from "./authentication.ts";
import { codeRefused } from "./codes.ts";
import { countedCredentials } from "./credentials.ts";
import { normaliseEmail } from "./email.ts";
import { type PoolEngine, unsigned, wait } from "./engine.ts";
import { mailCode, pretendToMail } from "./mailed-codes.ts";
import { checkPassword } from "./password-policy.ts";
import { ClientId, ClientMetadata, ConfirmationCode, checkClient, Password, Username } from "./request.ts";
import { requesterOf } from "./requester.ts";
import { delivery } from "./sign-up.ts";

const Forgot = z.object({ ClientId, Username, ClientMetadata });
const ConfirmForgot = z.object({ ClientId, Username, ConfirmationCode, Password, ClientMetadata });

/**
 * Those for a forgotten password (F1 and on).
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
 */
export const forgottenPasswordOperations = {
  ForgotPassword: wait(Forgot, forgot, unsigned),
  ConfirmForgotPassword: wait(ConfirmForgot, confirmForgot, unsigned),
};

async function forgot(engine: PoolEngine, request: z.output<typeof Forgot>, { address }: AwsCaller): Promise<JsonObject> {
  const { ClientId, Username, ClientMetadata } = request;
  checkClient(engine, ClientId);
  const email = normaliseEmail(Username);
  await engine.store.transact((tx) => {
    const user = engine.users.find(tx, email);
    const [holder, requester] = [{ username: email, user }, requesterOf(address, ClientMetadata)];
    if (user?.enabled) mailCode(engine, tx, "reset", holder, requester, ClientMetadata?.locale);
    else pretendToMail(engine, tx, "reset", holder, requester);
  });
  return { CodeDeliveryDetails: delivery(email) };
}

async function confirmForgot(engine: PoolEngine, request: z.output<typeof ConfirmForgot>, { address }: AwsCaller): Promise<JsonObject> {
  const { ClientId, Username, ConfirmationCode, Password, ClientMetadata } = request;
  const { store, users, limits, devices, codes, sessions, settings } = engine;
  checkClient(engine, ClientId);
  await checkPassword(Password, settings().minimumPasswordLength, [Username]);
  const requester = requesterOf(address, ClientMetadata);
  const { sourceAddress } = requester;
  const limit = { kind: "code-from", most: settings().wrongCodesPerAddress } as const;
  // Made for the user of that name as of now, and valid for that user alone; without a user it is the same work.
  const sub = users.find(store, Username)?.sub ?? "nobody";
  const credentials = await countedCredentials(engine, limit, sub, Password, sourceAddress);
  const outcome = await store.transact((tx) => {
    const user = users.find(tx, Username);
    const used = codes.use(tx, "reset", { username: Username, user, requester: requester.name }, ConfirmationCode);
    if (used !== "fits") return used;
    if (!user?.enabled || user.sub !== sub) return "wrong";
    users.change(tx, user, { ...credentials, ownPassword: true, status: "CONFIRMED", emailVerified: true });
    sessions.endAll(tx, user.sub);
    devices.remember(tx, user.sub, requester);
    forgiveTries(engine, tx, user.sub, requester);
    limits.giveBack(tx, "code-from", sourceAddress);
    return used;
  });
  if (outcome !== "fits") throw codeRefused(outcome);
  return {};
}
