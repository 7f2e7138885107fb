/** InitiateAuth, RespondToAuthChallenge, GetTokensFromRefreshToken, RevokeToken. */
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { authenticated, checkSignIn, passwordProof, refresh, signIn } from "./authentication.ts";
import type { Core, Operation } from "./core.ts";
import { credentialsOf } from "./credentials.ts";
import { IdentityError, incorrectSignIn } from "./errors.ts";
import { checkPassword } from "./password-policy.ts";
import type { SrpVerifier, User } from "./records.ts";
import { ClientId, ClientMetadata, checkClient, Password, parse, RefreshToken, Username } from "./request.ts";
import { type Requester, requesterOf } from "./requester.ts";
import { keyedHash, sameText } from "./secrets.ts";
import { challengeLifeMs } from "./settings.ts";
import { createSrpSignIn, PasswordClaim } from "./srp-sign-in.ts";
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

type Names = "InitiateAuth" | "RespondToAuthChallenge" | "GetTokensFromRefreshToken" | "RevokeToken";

/**
 * Returns the operations that sign in and out.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */
export function signInOperations(core: Core): Record<Names, Operation> {
  const { store, clock, sessions, settings, users, devices, verifiers } = core;
  const srp = createSrpSignIn(core);

  /** Says that this user gave the temporary password a moment ago; worthless once the password has changed. */
  const challengeTag = (user: User, untilMs: string): string =>
    keyedHash(core.secret, "challenge", user.sub, untilMs, user.passwordHash ?? "");

  const challenge = (user: User): string => {
    const untilMs = String(clock.nowMs() + challengeLifeMs);
    return `${user.sub}.${untilMs}.${challengeTag(user, untilMs)}`;
  };

  async function withPassword(parameters: unknown, requester: Requester) {
    const { USERNAME, PASSWORD } = parse(PasswordParameters, parameters);
    const user = await checkSignIn(core, USERNAME, passwordProof(core, PASSWORD, requester), requester);
    const made = verifiers.has(user) ? undefined : await verifiers.make(user.sub, user.passwordHash ?? "", PASSWORD);
    return admit(user, requester, made);
  }

  /** Lets in who has shown that the account is theirs. @param srp a verifier for an account that had none (V3) */
  async function admit(user: User, requester: Requester, srp?: SrpVerifier) {
    if (user.status === "FORCE_CHANGE_PASSWORD" && user.enabled) {
      const given = { USER_ID_FOR_SRP: user.sub, requiredAttributes: "[]", userAttributes: JSON.stringify({ email: user.email ?? "" }) };
      return { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: challenge(user), ChallengeParameters: given };
    }
    return authenticated(
      await enter(requester, (tx) => {
        const current = readUser(tx, user.sub);
        const hasNone = srp !== undefined && current?.passwordHash === user.passwordHash;
        return current !== undefined && hasNone ? users.change(tx, current, { srp }) : current;
      }),
    );
  }

  async function withNewPassword({ Session, ChallengeResponses: { NEW_PASSWORD } }: NewPassword, requester: Requester) {
    const [sub = "", untilMs = "", tag = ""] = Session.split(".");
    const user = readUser(store, sub);
    const good = user !== undefined && Number(untilMs) > clock.nowMs() && sameText(tag, challengeTag(user, untilMs));
    if (!good || user.status !== "FORCE_CHANGE_PASSWORD")
      throw new IdentityError("NotAuthorizedException", "Invalid session for the user.");
    await checkPassword(NEW_PASSWORD, settings().minimumPasswordLength, [user.email, user.name]);
    const credentials = await credentialsOf(core, sub, NEW_PASSWORD, requester.sourceAddress);
    const result = await enter(requester, (tx) => {
      const current = readUser(tx, sub);
      if (current === undefined || current.passwordHash !== user.passwordHash) throw incorrectSignIn();
      return users.change(tx, current, { ...credentials, ownPassword: true, status: "CONFIRMED", emailVerified: true });
    });
    return authenticated(result);
  }

  /** Signs in who may enter, and knows the device from then on. */
  const enter = (requester: Requester, findUser: (tx: Transaction) => User | undefined) =>
    signIn(core, (tx) => {
      const user = mayEnter(findUser(tx));
      devices.remember(tx, user.sub, requester);
      return user;
    });

  return {
    async InitiateAuth(request, caller) {
      const { ClientId, AuthFlow, AuthParameters, ClientMetadata } = parse(InitiateAuth, request);
      checkClient(core, ClientId);
      if (AuthFlow === "USER_PASSWORD_AUTH") return withPassword(AuthParameters, requesterOf(caller, ClientMetadata));
      if (AuthFlow === "USER_SRP_AUTH") return srp.challenge(AuthParameters);
      if (AuthFlow === "REFRESH_TOKEN_AUTH" || AuthFlow === "REFRESH_TOKEN") {
        const { REFRESH_TOKEN } = parse(RefreshParameters, AuthParameters);
        return authenticated(await refresh(core, REFRESH_TOKEN, requesterOf(caller, ClientMetadata)));
      }
      throw new IdentityError("InvalidParameterException", `${AuthFlow.slice(0, 64)} is not enabled for the client`);
    },
    async RespondToAuthChallenge(request, caller) {
      const respond = parse(Respond, request);
      checkClient(core, respond.ClientId);
      const requester = requesterOf(caller, respond.ClientMetadata);
      if (respond.ChallengeName === "NEW_PASSWORD_REQUIRED") return withNewPassword(respond, requester);
      const { username, proof } = srp.read(respond.ChallengeResponses);
      return admit(await checkSignIn(core, username, proof, requester), requester);
    },
    async GetTokensFromRefreshToken(request, caller) {
      const { ClientId, RefreshToken, ClientMetadata } = parse(GetTokens, request);
      checkClient(core, ClientId);
      return { AuthenticationResult: await refresh(core, RefreshToken, requesterOf(caller, ClientMetadata)) };
    },
    async RevokeToken(request) {
      const { ClientId, Token } = parse(Revoke, request);
      checkClient(core, ClientId);
      await store.transact((tx) => sessions.revoke(tx, Token));
      return {};
    },
  };
}

/** @throws {IdentityError} where the user's state forbids it; told only to who knows the password */
function mayEnter(user: User | undefined): User {
  if (user === undefined) throw incorrectSignIn();
  if (!user.enabled) throw new IdentityError("NotAuthorizedException", "User is disabled.");
  if (user.status === "UNCONFIRMED") throw new IdentityError("UserNotConfirmedException", "User is not confirmed.");
  if (user.status !== "CONFIRMED") throw new IdentityError("PasswordResetRequiredException", "Password reset required for the user");
  return user;
}
