/** What a signed-in user does with their own account: GetUser, UpdateUserAttributes, ChangePassword, GlobalSignOut, DeleteUser. */
import type { AwsCaller } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { checkSignIn, passwordProof } from "./authentication.ts";
import { credentialsOf } from "./credentials.ts";
import { neutraliseName } from "./display-name.ts";
import { type PoolEngine, unsigned, wait } from "./engine.ts";
import { IdentityError, incorrectSignIn, invalid } from "./errors.ts";
import { checkPassword } from "./password-policy.ts";
import type { User } from "./records.ts";
import { AccessToken, attribute, Password, UserAttributes } from "./request.ts";
import { readUser } from "./stored-user.ts";

const WithToken = z.object({ AccessToken });
const Update = z.object({ AccessToken, UserAttributes });
const Change = z.object({ AccessToken, PreviousPassword: Password, ProposedPassword: Password });

/**
 * Those that a user calls with an access token.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
 */
export const ownAccountOperations = {
  GetUser: wait(
    WithToken,
    async (engine, { AccessToken }) => {
      const user = await ownerOf(engine, AccessToken);
      return { Username: user.sub, UserAttributes: attributesOf(user) };
    },
    { ...unsigned, isReading: true },
  ),
  UpdateUserAttributes: wait(
    Update,
    async (engine, { AccessToken, UserAttributes }) => {
      const { sub } = await ownerOf(engine, AccessToken);
      const other = UserAttributes.find(({ Name }) => Name !== "name");
      if (other !== undefined) throw invalid(`Attribute ${other.Name} cannot be changed, expected name`);
      const name = neutraliseName(attribute(UserAttributes, "name") ?? "");
      if (name === "") throw invalid("Attribute name has nothing that can be shown");
      await engine.store.transact((tx) => engine.users.change(tx, existing(readUser(tx, sub)), { name }));
      return { CodeDeliveryDetailsList: [] };
    },
    unsigned,
  ),
  ChangePassword: wait(Change, changePassword, unsigned),
  GlobalSignOut: wait(
    WithToken,
    async (engine, { AccessToken }) => {
      const { sub } = await ownerOf(engine, AccessToken);
      await engine.store.transact((tx) => engine.sessions.endAll(tx, sub));
      return {};
    },
    unsigned,
  ),
  DeleteUser: wait(
    WithToken,
    async (engine, { AccessToken }) => {
      const { sub } = await ownerOf(engine, AccessToken);
      await engine.store.transact((tx) => {
        engine.sessions.endAll(tx, sub);
        engine.users.remove(tx, existing(readUser(tx, sub)));
      });
      return {};
    },
    unsigned,
  ),
};

async function changePassword(engine: PoolEngine, request: z.output<typeof Change>, { address }: AwsCaller): Promise<JsonObject> {
  const { AccessToken, PreviousPassword, ProposedPassword } = request;
  const { store, users, sessions, tokens, settings } = engine;
  const { sub, email, name } = await ownerOf(engine, AccessToken);
  const { origin_jti } = await tokens.verify(AccessToken);
  await checkPassword(ProposedPassword, settings().minimumPasswordLength, [email, name]);
  const requester = { sourceAddress: address, device: undefined, name: `session ${origin_jti}` };
  const proof = passwordProof(engine, PreviousPassword, requester);
  const { passwordHash: previous } = await checkSignIn(engine, sub, proof, requester, "signed in");
  const credentials = await credentialsOf(engine, sub, ProposedPassword, address);
  await store.transact((tx) => {
    const user = existing(readUser(tx, sub));
    if (user.passwordHash !== previous) throw incorrectSignIn();
    users.change(tx, user, credentials);
    sessions.endAll(tx, sub, origin_jti);
  });
  return {};
}

/** The user whose access token it is, as of now. Rejects with {IdentityError} `NotAuthorizedException`. */
async function ownerOf({ store, tokens }: PoolEngine, accessToken: string): Promise<User> {
  const { sub } = await tokens.verify(accessToken);
  return existing(readUser(store, sub));
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
