/** What a signed-in user does with their own account: GetUser, UpdateUserAttributes, ChangePassword, GlobalSignOut, DeleteUser. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { checkSignIn, passwordProof } from "./authentication.ts";
import type { Core, Operation } from "./core.ts";
import { credentialsOf } from "./credentials.ts";
import { neutraliseName } from "./display-name.ts";
import { IdentityError } from "./errors.ts";
import { checkPassword } from "./password-policy.ts";
import type { User } from "./records.ts";
import { AccessToken, attribute, Password, parse, UserAttributes } from "./request.ts";
import { readUser } from "./stored-user.ts";

const WithToken = z.object({ AccessToken });
const Update = z.object({ AccessToken, UserAttributes });
const Change = z.object({ AccessToken, PreviousPassword: Password, ProposedPassword: Password });

type Names = "GetUser" | "UpdateUserAttributes" | "ChangePassword" | "GlobalSignOut" | "DeleteUser";

/**
 * Returns the operations that a user calls with an access token.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
 */
export function ownAccountOperations(core: Core): Record<Names, Operation> {
  const { store, users, sessions, tokens, settings } = core;

  async function caller(accessToken: string): Promise<User> {
    const { sub } = await tokens.verify(accessToken);
    return existing(readUser(store, sub));
  }

  return {
    async GetUser(request) {
      const user = await caller(parse(WithToken, request).AccessToken);
      return { Username: user.sub, UserAttributes: attributesOf(user) };
    },
    async UpdateUserAttributes(request) {
      const { AccessToken, UserAttributes } = parse(Update, request);
      const { sub } = await caller(AccessToken);
      const other = UserAttributes.find(({ Name }) => Name !== "name");
      if (other !== undefined)
        throw new IdentityError("InvalidParameterException", `Attribute ${other.Name} cannot be changed, expected name`);
      const name = neutraliseName(attribute(UserAttributes, "name") ?? "");
      if (name === "") throw new IdentityError("InvalidParameterException", "Attribute name has nothing that can be shown");
      await store.transact((tx) => users.change(tx, existing(readUser(tx, sub)), { name }));
      return { CodeDeliveryDetailsList: [] };
    },
    async ChangePassword(request, { sourceAddress }) {
      const { AccessToken, PreviousPassword, ProposedPassword } = parse(Change, request);
      const { sub, email, name } = await caller(AccessToken);
      const { origin_jti } = await tokens.verify(AccessToken);
      await checkPassword(ProposedPassword, settings().minimumPasswordLength, [email, name]);
      const requester = { sourceAddress, device: undefined, name: `session ${origin_jti}` };
      const { passwordHash: previous } = await checkSignIn(
        core,
        sub,
        passwordProof(core, PreviousPassword, requester),
        requester,
        "signed in",
      );
      const credentials = await credentialsOf(core, sub, ProposedPassword, sourceAddress);
      await store.transact((tx) => {
        const user = existing(readUser(tx, sub));
        if (user.passwordHash !== previous) throw new IdentityError("NotAuthorizedException", "Incorrect username or password.");
        users.change(tx, user, credentials);
        sessions.endAll(tx, sub, origin_jti);
      });
      return {};
    },
    async GlobalSignOut(request) {
      const { sub } = await caller(parse(WithToken, request).AccessToken);
      await store.transact((tx) => sessions.endAll(tx, sub));
      return {};
    },
    async DeleteUser(request) {
      const { sub } = await caller(parse(WithToken, request).AccessToken);
      await store.transact((tx) => {
        sessions.endAll(tx, sub);
        users.remove(tx, existing(readUser(tx, sub)));
      });
      return {};
    },
  };
}

function existing(user: User | undefined): User {
  if (user === undefined) throw new IdentityError("NotAuthorizedException", "Access Token has been revoked");
  return user;
}

/** A user's attributes as Cognito lists them. */
export function attributesOf(user: User): JsonObject[] {
  const attributes: [string, string | undefined][] = [
    ["sub", user.sub],
    ["email", user.email],
    ["email_verified", user.email === undefined ? undefined : String(user.emailVerified)],
    ["name", user.name],
    ["custom:kind", user.kind],
  ];
  return attributes.flatMap(([Name, Value]) => (Value === undefined ? [] : [{ Name, Value }]));
}
