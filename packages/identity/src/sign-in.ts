/** InitiateAuth, RespondToAuthChallenge, GetTokensFromRefreshToken, RevokeToken. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { authenticated, checkSignIn, passwordProof, refresh, signIn } from "./authentication.ts";
import { credentialsOf } from "./credentials.ts";
import { type PoolEngine, unsigned, wait, write } from "./engine.ts";
import { IdentityError, incorrectSignIn, invalid } from "./errors.ts";
import { checkPassword } from "./password-policy.ts";
import type { SrpVerifier, User } from "./records.ts";
import { ClientId, ClientMetadata, checkClient, Password, parse, RefreshToken, Username } from "./request.ts";
import { type Requester, requesterOf } from "./requester.ts";
import { keyedHash, sameText } from "./secrets.ts";
import { challengeLifeMs } from "./settings.ts";
import { challengeBySrp, PasswordClaim, readSrpClaim } from "./srp-sign-in.ts";
import { readUser } from "./stored-user.ts";

const InitiateAuth = z.object({
  ClientId,
  AuthFlow: z.string(),
  AuthParameters: z.record(z.string(), z.string()).default({}),
  ClientMetadata,
});
const PasswordParameters = z.object({ USERNAME: Username, PASSWORD: Password });
const RefreshParameters = z.object({ REFRESH_TOKEN: RefreshToken });
const Respond = z.discriminatedUnion("ChallengeName", [
  z.object({
    ClientId,
    ChallengeName: z.literal("NEW_PASSWORD_REQUIRED"),
    Session: z.string().min(20).max(2048),
    ChallengeResponses: z.object({ USERNAME: Username, NEW_PASSWORD: Password }),
    ClientMetadata,
  }),
  z.object({ ClientId, ChallengeName: z.literal("PASSWORD_VERIFIER"), ChallengeResponses: PasswordClaim, ClientMetadata }),
]);
type NewPassword = Extract<z.output<typeof Respond>, { readonly ChallengeName: "NEW_PASSWORD_REQUIRED" }>;
const GetTokens = z.object({ ClientId, RefreshToken, ClientMetadata });
const Revoke = z.object({ ClientId, Token: RefreshToken });

/**
 * Those that sign in and out.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */
export const signInOperations = {
  InitiateAuth: wait(
    InitiateAuth,
    async (engine, { ClientId, AuthFlow, AuthParameters, ClientMetadata }, { address }) => {
      checkClient(engine, ClientId);
      const flow = Object.hasOwn(flows, AuthFlow) ? flows[AuthFlow] : undefined;
      if (flow === undefined) throw invalid(`${AuthFlow.slice(0, 64)} is not enabled for the client`);
      return flow(engine, AuthParameters, requesterOf(address, ClientMetadata));
    },
    unsigned,
  ),
  RespondToAuthChallenge: wait(
    Respond,
    async (engine, respond, { address }) => {
      checkClient(engine, respond.ClientId);
      const requester = requesterOf(address, respond.ClientMetadata);
      if (respond.ChallengeName === "NEW_PASSWORD_REQUIRED") return withNewPassword(engine, respond, requester);
      const { username, proof } = readSrpClaim(engine, respond.ChallengeResponses);
      return admit(engine, await checkSignIn(engine, username, proof, requester), requester);
    },
    unsigned,
  ),
  GetTokensFromRefreshToken: wait(
    GetTokens,
    async (engine, { ClientId, RefreshToken, ClientMetadata }, { address }) => {
      checkClient(engine, ClientId);
      return { AuthenticationResult: await refresh(engine, RefreshToken, requesterOf(address, ClientMetadata)) };
    },
    unsigned,
  ),
  RevokeToken: write(
    Revoke,
    (engine, tx, { ClientId, Token }) => {
      checkClient(engine, ClientId);
      engine.sessions.revoke(tx, Token);
      return {};
    },
    unsigned,
  ),
};

type Flow = (engine: PoolEngine, parameters: unknown, requester: Requester) => Promise<JsonObject>;

/** By `AuthFlow`. */
const flows: Readonly<Record<string, Flow>> = {
  USER_PASSWORD_AUTH: withPassword,
  USER_SRP_AUTH: challengeBySrp,
  REFRESH_TOKEN_AUTH: withRefreshToken,
  REFRESH_TOKEN: withRefreshToken,
};

async function withPassword(engine: PoolEngine, parameters: unknown, requester: Requester): Promise<JsonObject> {
  const { verifiers } = engine;
  const { USERNAME, PASSWORD } = parse(PasswordParameters, parameters);
  const user = await checkSignIn(engine, USERNAME, passwordProof(engine, PASSWORD, requester), requester);
  const made = verifiers.has(user) ? undefined : await verifiers.make(user.sub, user.passwordHash ?? "", PASSWORD);
  return admit(engine, user, requester, made);
}

async function withRefreshToken(engine: PoolEngine, parameters: unknown, requester: Requester): Promise<JsonObject> {
  const { REFRESH_TOKEN } = parse(RefreshParameters, parameters);
  return authenticated(await refresh(engine, REFRESH_TOKEN, requester));
}

/** Lets in who has shown that the account is theirs. @param srp a verifier for an account that had none (V3) */
async function admit(engine: PoolEngine, user: User, requester: Requester, srp?: SrpVerifier): Promise<JsonObject> {
  if (user.status === "FORCE_CHANGE_PASSWORD" && user.enabled) {
    const given = { USER_ID_FOR_SRP: user.sub, requiredAttributes: "[]", userAttributes: JSON.stringify({ email: user.email ?? "" }) };
    return { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: challenge(engine, user), ChallengeParameters: given };
  }
  return enter(engine, requester, (tx) => {
    const current = readUser(tx, user.sub);
    const hasNone = srp !== undefined && current?.passwordHash === user.passwordHash;
    return current !== undefined && hasNone ? engine.users.change(tx, current, { srp }) : current;
  });
}

async function withNewPassword(engine: PoolEngine, request: NewPassword, requester: Requester): Promise<JsonObject> {
  const { store, clock, settings, users } = engine;
  const { NEW_PASSWORD } = request.ChallengeResponses;
  const [sub = "", untilMs = "", tag = ""] = request.Session.split(".");
  const user = readUser(store, sub);
  const good = user !== undefined && Number(untilMs) > clock.nowMs() && sameText(tag, challengeTag(engine, user, untilMs));
  if (!good || user.status !== "FORCE_CHANGE_PASSWORD") throw new IdentityError("NotAuthorizedException", "Invalid session for the user.");
  await checkPassword(NEW_PASSWORD, settings().minimumPasswordLength, [user.email, user.name]);
  const credentials = await credentialsOf(engine, sub, NEW_PASSWORD, requester.sourceAddress);
  return enter(engine, requester, (tx) => {
    const current = readUser(tx, sub);
    if (current === undefined || current.passwordHash !== user.passwordHash) throw incorrectSignIn();
    return users.change(tx, current, { ...credentials, ownPassword: true, status: "CONFIRMED", emailVerified: true });
  });
}

/** Says that this user gave the temporary password a moment ago; worthless once the password has changed. */
function challengeTag({ secret }: PoolEngine, user: User, untilMs: string): string {
  return keyedHash(secret, "challenge", user.sub, untilMs, user.passwordHash ?? "");
}

function challenge(engine: PoolEngine, user: User): string {
  const untilMs = String(engine.clock.nowMs() + challengeLifeMs);
  return `${user.sub}.${untilMs}.${challengeTag(engine, user, untilMs)}`;
}

/** Signs in who may enter, and knows the device from then on. */
async function enter(engine: PoolEngine, requester: Requester, findUser: (tx: Transaction) => User | undefined): Promise<JsonObject> {
  const result = await signIn(engine, (tx) => {
    const user = mayEnter(findUser(tx));
    engine.devices.remember(tx, user.sub, requester);
    return user;
  });
  return authenticated(result);
}

/** @throws {IdentityError} where the user's state forbids it; told only to who knows the password */
function mayEnter(user: User | undefined): User {
  if (user === undefined) throw incorrectSignIn();
  if (!user.enabled) throw new IdentityError("NotAuthorizedException", "User is disabled.");
  if (user.status === "UNCONFIRMED") throw new IdentityError("UserNotConfirmedException", "User is not confirmed.");
  if (user.status !== "CONFIRMED") throw new IdentityError("PasswordResetRequiredException", "Password reset required for the user");
  return user;
}
