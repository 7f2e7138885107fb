/** InitiateAuth, RespondToAuthChallenge, GetTokensFromRefreshToken, RevokeToken. */
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { authenticated, checkSignIn, refresh, signIn } from "./authentication.ts";
import type { Core, Operation } from "./core.ts";
import { IdentityError, incorrectSignIn } from "./errors.ts";
import { checkPassword } from "./password-policy.ts";
import { keys, type User } from "./records.ts";
import { ClientId, ClientMetadata, checkClient, Password, parse, RefreshToken, Username } from "./request.ts";
import { type Requester, requesterOf } from "./requester.ts";
import { keyedHash, sameText } from "./secrets.ts";
import { minuteMs } from "./settings.ts";

const InitiateAuth = z.object({
  ClientId,
  AuthFlow: z.string(),
  AuthParameters: z.record(z.string(), z.string()).default({}),
  ClientMetadata,
});
const PasswordParameters = z.object({ USERNAME: Username, PASSWORD: Password });
const RefreshParameters = z.object({ REFRESH_TOKEN: RefreshToken });
const Respond = z.object({
  ClientId,
  ChallengeName: z.literal("NEW_PASSWORD_REQUIRED"),
  Session: z.string().min(20).max(2048),
  ChallengeResponses: z.object({ USERNAME: Username, NEW_PASSWORD: Password }),
  ClientMetadata,
});
const GetTokens = z.object({ ClientId, RefreshToken });
const Revoke = z.object({ ClientId, Token: RefreshToken });

const challengeLifeMs = 3 * minuteMs;

type Names = "InitiateAuth" | "RespondToAuthChallenge" | "GetTokensFromRefreshToken" | "RevokeToken";

export function signInOperations(core: Core): Record<Names, Operation> {
  const { store, clock, hashes, sessions, settings, users, devices } = core;

  /** Says that this user gave the temporary password a moment ago; worthless once the password has changed. */
  const challengeTag = (user: User, untilMs: string): string =>
    keyedHash(core.secret, "challenge", user.sub, untilMs, user.passwordHash ?? "");

  const challenge = (user: User): string => {
    const untilMs = String(clock.nowMs() + challengeLifeMs);
    return `${user.sub}.${untilMs}.${challengeTag(user, untilMs)}`;
  };

  async function withPassword(parameters: unknown, requester: Requester) {
    const { USERNAME, PASSWORD } = parse(PasswordParameters, parameters);
    const user = await checkSignIn(core, USERNAME, PASSWORD, requester);
    if (user.status === "FORCE_CHANGE_PASSWORD" && user.enabled) {
      const given = { USER_ID_FOR_SRP: user.sub, requiredAttributes: "[]", userAttributes: JSON.stringify({ email: user.email ?? "" }) };
      return { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: challenge(user), ChallengeParameters: given };
    }
    return authenticated(await enter(requester, (tx) => tx.get<User>(keys.user(user.sub))));
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
      if (AuthFlow === "REFRESH_TOKEN_AUTH" || AuthFlow === "REFRESH_TOKEN") {
        return authenticated(await refresh(core, parse(RefreshParameters, AuthParameters).REFRESH_TOKEN));
      }
      throw new IdentityError("InvalidParameterException", `${AuthFlow.slice(0, 64)} is not enabled for the client`);
    },
    async RespondToAuthChallenge(request, caller) {
      const { ClientId, Session, ChallengeResponses, ClientMetadata } = parse(Respond, request);
      checkClient(core, ClientId);
      const [sub = "", untilMs = "", tag = ""] = Session.split(".");
      const user = store.get<User>(keys.user(sub));
      const good = user !== undefined && Number(untilMs) > clock.nowMs() && sameText(tag, challengeTag(user, untilMs));
      if (!good || user.status !== "FORCE_CHANGE_PASSWORD")
        throw new IdentityError("NotAuthorizedException", "Invalid session for the user.");
      await checkPassword(ChallengeResponses.NEW_PASSWORD, settings().minimumPasswordLength, [user.email, user.name]);
      const passwordHash = await hashes.hash(ChallengeResponses.NEW_PASSWORD, caller.sourceAddress);
      const result = await enter(requesterOf(caller, ClientMetadata), (tx) => {
        const current = tx.get<User>(keys.user(sub));
        if (current === undefined || current.passwordHash !== user.passwordHash) throw incorrectSignIn();
        return users.change(tx, current, { passwordHash, ownPassword: true, status: "CONFIRMED", emailVerified: true });
      });
      return authenticated(result);
    },
    async GetTokensFromRefreshToken(request) {
      const { ClientId, RefreshToken } = parse(GetTokens, request);
      checkClient(core, ClientId);
      return { AuthenticationResult: await refresh(core, RefreshToken) };
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
