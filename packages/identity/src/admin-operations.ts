/** What an operator does with other users' accounts. The platform checks the caller's right before it calls these. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import type { Core, Operation } from "./core.ts";
import { credentialsOf } from "./credentials.ts";
import { neutraliseName } from "./display-name.ts";
import { normaliseEmail } from "./email.ts";
import { IdentityError } from "./errors.ts";
import { mailText } from "./mail-texts.ts";
import { mailAdminsCode } from "./mailed-codes.ts";
import { attributesOf } from "./own-account.ts";
import { checkPassword } from "./password-policy.ts";
import { generatePassword } from "./passwords.ts";
import type { User } from "./records.ts";
import { attribute, ClientMetadata, checkPool, Password, PoolId, parse, UserAttributes, Username } from "./request.ts";

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
  Limit: z.int().min(1).max(60).default(60),
  PaginationToken: z.string().max(131_072).optional(),
  Filter: z.string().max(256).optional(),
});

type Names =
  | "AdminCreateUser"
  | "AdminGetUser"
  | "AdminSetUserPassword"
  | "AdminConfirmSignUp"
  | "AdminResetUserPassword"
  | "AdminEnableUser"
  | "AdminDisableUser"
  | "AdminDeleteUser"
  | "AdminUserGlobalSignOut"
  | "ListUsers";

/** Returns Cognito's `Admin…` operations. None of them checks the caller's rights. */
export function adminOperations(core: Core): Record<Names, Operation> {
  const { store, users, sessions, outbox, settings, ids } = core;

  /** An operation that changes one user. */
  const onUser =
    (change: (tx: Transaction, user: User) => void): Operation =>
    async (request) => {
      const { UserPoolId, Username } = parse(WithUser, request);
      checkPool(core, UserPoolId);
      await store.transact((tx) => change(tx, named(core, tx, Username)));
      return {};
    };

  return {
    async AdminCreateUser(request, { sourceAddress }) {
      const { UserPoolId, Username, UserAttributes, TemporaryPassword, MessageAction, ClientMetadata } = parse(Create, request);
      checkPool(core, UserPoolId);
      const email = normaliseEmail(attribute(UserAttributes, "email") ?? Username);
      const name = neutraliseName(attribute(UserAttributes, "name") ?? "");
      const password = TemporaryPassword ?? generatePassword(ids);
      await checkPassword(password, settings().minimumPasswordLength, [email, name]);
      const sub = ids.uuid();
      const credentials = await credentialsOf(core, sub, password, sourceAddress);
      const user = await store.transact((tx) => {
        const fresh = { sub, kind: "account", status: "FORCE_CHANGE_PASSWORD", email, ...credentials } as const;
        const made = users.create(tx, name === "" ? fresh : { ...fresh, name });
        if (MessageAction !== "SUPPRESS")
          outbox.put(tx, { to: email, lane: "invite", ...mailText("invite", password, ClientMetadata?.locale) });
        return made;
      });
      return { User: describeUser(user, "Attributes") };
    },
    async AdminGetUser(request) {
      const { UserPoolId, Username } = parse(WithUser, request);
      checkPool(core, UserPoolId);
      return describeUser(named(core, store, Username), "UserAttributes");
    },
    async AdminSetUserPassword(request, { sourceAddress }) {
      const { UserPoolId, Username, Password, Permanent } = parse(SetPassword, request);
      checkPool(core, UserPoolId);
      const { sub, email, name } = named(core, store, Username);
      await checkPassword(Password, settings().minimumPasswordLength, [email, name]);
      const credentials = await credentialsOf(core, sub, Password, sourceAddress);
      await store.transact((tx) => {
        const user = named(core, tx, sub);
        if (user.kind !== "account") throw new IdentityError("InvalidParameterException", "A guest or device has no password");
        users.change(tx, user, { ...credentials, ownPassword: true, status: Permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD" });
        sessions.endAll(tx, user.sub);
      });
      return {};
    },
    AdminResetUserPassword: onUser((tx, user) => {
      if (user.email === undefined) throw new IdentityError("InvalidParameterException", "User does not have a verified email address");
      users.change(tx, user, { status: "RESET_REQUIRED" });
      sessions.endAll(tx, user.sub);
      mailAdminsCode(core, tx, "reset", { username: user.email, user });
    }),
    AdminConfirmSignUp: onUser((tx, user) => {
      if (user.status !== "UNCONFIRMED")
        throw new IdentityError("NotAuthorizedException", `User cannot be confirmed. Current status is ${user.status}`);
      // The operator answers for the password with the account, as at Cognito.
      users.change(tx, user, { status: "CONFIRMED", ownPassword: true });
    }),
    AdminEnableUser: onUser((tx, user) => void users.change(tx, user, { enabled: true })),
    AdminDisableUser: onUser((tx, user) => {
      users.change(tx, user, { enabled: false });
      sessions.endAll(tx, user.sub);
    }),
    AdminDeleteUser: onUser((tx, user) => {
      sessions.endAll(tx, user.sub);
      users.remove(tx, user);
    }),
    AdminUserGlobalSignOut: onUser((tx, user) => sessions.endAll(tx, user.sub)),
    async ListUsers(request) {
      const { UserPoolId, Limit, PaginationToken, Filter } = parse(List, request);
      checkPool(core, UserPoolId);
      const matches = Filter === undefined ? () => true : readFilter(Filter);
      const page = users.page(store, { limit: Limit, after: PaginationToken, matches });
      return {
        Users: page.users.map((user) => describeUser(user, "Attributes")),
        ...(page.next === undefined ? {} : { PaginationToken: page.next }),
      };
    },
  };
}

/** The user of this name. @throws {IdentityError} `UserNotFoundException` */
export function named({ users }: Core, view: ReadView, username: string): User {
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
  if (read === undefined) throw new IdentityError("InvalidParameterException", `Error while parsing filter: ${filter}`);
  return (user) => (operator === "=" ? read(user) === value : read(user).startsWith(value));
}
