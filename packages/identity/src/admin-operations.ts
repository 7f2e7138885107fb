/** What an operator does with other users' accounts. None of these checks the caller's right: the gateway does. */
import type { AwsCaller } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { credentialsOf } from "./credentials.ts";
import { neutraliseName } from "./display-name.ts";
import { normaliseEmail } from "./email.ts";
import { list, type PoolEngine, read, wait, write } from "./engine.ts";
import { IdentityError, invalid } from "./errors.ts";
import { mailText } from "./mail-texts.ts";
import { mailAdminsCode } from "./mailed-codes.ts";
import { attributesOf } from "./own-account.ts";
import { checkPassword } from "./password-policy.ts";
import { generatePassword } from "./passwords.ts";
import type { User } from "./records.ts";
import { attribute, ClientMetadata, checkPool, Password, PoolId, UserAttributes, Username } from "./request.ts";

const WithUser = z.object({ UserPoolId: PoolId, Username });
const Create = WithUser.extend({
  UserAttributes: UserAttributes.optional(),
  TemporaryPassword: Password.optional(),
  MessageAction: z.enum(["RESEND", "SUPPRESS"]).optional(),
  ClientMetadata,
});
const SetPassword = WithUser.extend({ Password, Permanent: z.boolean().default(false) });
const List = z.object({
  UserPoolId: PoolId,
  Limit: z.int().min(1).max(60).optional(),
  PaginationToken: z.string().max(131_072).optional(),
  Filter: z.string().max(256).optional(),
});

/** An operation that changes one user. */
const onUser = (change: (engine: PoolEngine, tx: Transaction, user: User) => void) =>
  write(WithUser, (engine, tx, { UserPoolId, Username }) => {
    checkPool(engine, UserPoolId);
    change(engine, tx, named(engine, tx, Username));
    return {};
  });

/** Cognito's `Admin…` operations on users, and the list of users. */
export const adminOperations = {
  AdminCreateUser: wait(Create, createUser),
  AdminGetUser: read(WithUser, (engine, view, { UserPoolId, Username }) => {
    checkPool(engine, UserPoolId);
    return describeUser(named(engine, view, Username), "UserAttributes");
  }),
  AdminSetUserPassword: wait(SetPassword, setPassword),
  AdminResetUserPassword: onUser((engine, tx, user) => {
    if (user.email === undefined) throw invalid("User does not have a verified email address");
    engine.users.change(tx, user, { status: "RESET_REQUIRED" });
    engine.sessions.endAll(tx, user.sub);
    mailAdminsCode(engine, tx, "reset", { username: user.email, user });
  }),
  AdminConfirmSignUp: onUser(({ users }, tx, user) => {
    if (user.status !== "UNCONFIRMED")
      throw new IdentityError("NotAuthorizedException", `User cannot be confirmed. Current status is ${user.status}`);
    // The operator answers for the password with the account, as at Cognito.
    users.change(tx, user, { status: "CONFIRMED", ownPassword: true });
  }),
  AdminEnableUser: onUser(({ users }, tx, user) => users.change(tx, user, { enabled: true })),
  AdminDisableUser: onUser(({ users, sessions }, tx, user) => {
    users.change(tx, user, { enabled: false });
    sessions.endAll(tx, user.sub);
  }),
  AdminDeleteUser: onUser(({ users, sessions }, tx, user) => {
    sessions.endAll(tx, user.sub);
    users.remove(tx, user);
  }),
  AdminUserGlobalSignOut: onUser(({ sessions }, tx, user) => sessions.endAll(tx, user.sub)),
  ListUsers: list(
    List,
    (engine, view, { UserPoolId, Filter }, page) => {
      checkPool(engine, UserPoolId);
      const matches = Filter === undefined ? () => true : readFilter(Filter);
      const { users, next } = engine.users.page(view, { limit: page.limit, after: page.after(z.string()), matches });
      return { Users: users.map((user) => describeUser(user, "Attributes")), ...page.next(next) };
    },
    { paging: { token: "PaginationToken" } },
  ),
};

async function createUser(engine: PoolEngine, request: z.output<typeof Create>, { address }: AwsCaller): Promise<JsonObject> {
  const { UserPoolId, Username, UserAttributes, TemporaryPassword, MessageAction, ClientMetadata } = request;
  const { store, users, outbox, settings, ids } = engine;
  checkPool(engine, UserPoolId);
  const email = normaliseEmail(attribute(UserAttributes, "email") ?? Username);
  const name = neutraliseName(attribute(UserAttributes, "name") ?? "");
  const password = TemporaryPassword ?? generatePassword(ids);
  await checkPassword(password, settings().minimumPasswordLength, [email, name]);
  const sub = ids.uuid();
  const credentials = await credentialsOf(engine, sub, password, address);
  const user = await store.transact((tx) => {
    const fresh = { sub, kind: "account", status: "FORCE_CHANGE_PASSWORD", email, ...credentials } as const;
    const made = users.create(tx, name === "" ? fresh : { ...fresh, name });
    if (MessageAction !== "SUPPRESS")
      outbox.put(tx, { to: email, lane: "invite", ...mailText("invite", password, ClientMetadata?.locale) });
    return made;
  });
  return { User: describeUser(user, "Attributes") };
}

async function setPassword(engine: PoolEngine, request: z.output<typeof SetPassword>, { address }: AwsCaller): Promise<JsonObject> {
  const { UserPoolId, Username, Password, Permanent } = request;
  const { store, users, sessions, settings } = engine;
  checkPool(engine, UserPoolId);
  const { sub, email, name } = named(engine, store, Username);
  await checkPassword(Password, settings().minimumPasswordLength, [email, name]);
  const credentials = await credentialsOf(engine, sub, Password, address);
  await store.transact((tx) => {
    const user = named(engine, tx, sub);
    if (user.kind !== "account") throw invalid("A guest or device has no password");
    users.change(tx, user, { ...credentials, ownPassword: true, status: Permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD" });
    sessions.endAll(tx, user.sub);
  });
  return {};
}

/** The user of this name. @throws {IdentityError} `UserNotFoundException` */
export function named({ users }: PoolEngine, view: ReadView, username: string): User {
  const user = users.find(view, username);
  if (user === undefined) throw new IdentityError("UserNotFoundException", "User does not exist.");
  return user;
}

/** A user as Cognito shows it to an operator. */
export function describeUser(user: User, attributesName: "Attributes" | "UserAttributes"): JsonObject {
  return {
    Username: user.sub,
    [attributesName]: attributesOf(user),
    UserCreateDate: user.createdMs / 1000,
    UserLastModifiedDate: user.updatedMs / 1000,
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

const filterable: Readonly<Record<string, (user: User) => string>> = {
  username: ({ sub }) => sub,
  sub: ({ sub }) => sub,
  email: ({ email }) => email ?? "",
  name: ({ name }) => name ?? "",
  "cognito:user_status": ({ status }) => status,
  status: ({ enabled }) => (enabled ? "Enabled" : "Disabled"),
};

/** `email = "a@b"` or, for a beginning, `email ^= "a"`. */
function readFilter(filter: string): (user: User) => boolean {
  const [, name = "", operator, value = ""] = /^\s*([\w:]+)\s*(\^?=)\s*"([^"]*)"\s*$/.exec(filter) ?? [];
  const read = Object.hasOwn(filterable, name) ? filterable[name] : undefined;
  if (read === undefined) throw invalid(`Error while parsing filter: ${filter}`);
  return (user) => (operator === "=" ? read(user) === value : read(user).startsWith(value));
}
