/**
 * Groups: who is in them changes what every token of theirs allows, at once.
 *
 * G1. A group is given to who signs in from then on: whatever was signed in before ends.
 * G2. A password that may be another person's does not enter with a group: its owner sets another by a mailed code first.
 * G3. An operator is an account: a guest or a paired device is refused the group.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { describeUser, named } from "./admin-operations.ts";
import type { Core, Operation } from "./core.ts";
import { IdentityError } from "./errors.ts";
import { operatorGroup } from "./groups.ts";
import type { Group, User } from "./records.ts";
import { checkPool, GroupName, PoolId, parse, Username } from "./request.ts";

const WithPool = z.object({ UserPoolId: PoolId });
const Create = WithPool.extend({ GroupName, Description: z.string().max(2048).default("") });
const WithGroup = WithPool.extend({ GroupName });
const Membership = WithPool.extend({ GroupName, Username });
const OfUser = WithPool.extend({ Username });
const Members = WithGroup.extend({ Limit: z.int().min(1).max(60).default(60), NextToken: z.string().optional() });

type Names =
  | "CreateGroup"
  | "GetGroup"
  | "ListGroups"
  | "ListUsersInGroup"
  | "AdminAddUserToGroup"
  | "AdminRemoveUserFromGroup"
  | "AdminListGroupsForUser";

/**
 * Returns the operations on groups and their members.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
 */
export function groupOperations(core: Core): Record<Names, Operation> {
  const { store, users, sessions, pool } = core;
  const describe = ({ name, description, createdMs }: Group): JsonObject => ({
    GroupName: name,
    UserPoolId: pool.poolId,
    Description: description,
    CreationDate: createdMs / 1000,
    LastModifiedDate: createdMs / 1000,
  });

  function existing(group: Group | undefined): Group {
    if (group === undefined) throw new IdentityError("ResourceNotFoundException", "Group not found.");
    return group;
  }

  /** An operation that changes the groups of one user. */
  const onMembership =
    (change: (tx: Transaction, user: User, name: string) => void): Operation =>
    async (request) => {
      const { UserPoolId, GroupName, Username } = parse(Membership, request);
      checkPool(core, UserPoolId);
      await store.transact((tx: Transaction) => {
        existing(users.findGroup(tx, GroupName));
        change(tx, named(core, tx, Username), GroupName);
      });
      return {};
    };

  return {
    async CreateGroup(request) {
      const { UserPoolId, GroupName, Description } = parse(Create, request);
      checkPool(core, UserPoolId);
      return { Group: describe(await store.transact((tx) => users.createGroup(tx, GroupName, Description))) };
    },
    async GetGroup(request) {
      const { UserPoolId, GroupName } = parse(WithGroup, request);
      checkPool(core, UserPoolId);
      return { Group: describe(existing(users.findGroup(store, GroupName))) };
    },
    async ListGroups(request) {
      checkPool(core, parse(WithPool, request).UserPoolId);
      return { Groups: users.groups(store).map(describe) };
    },
    async ListUsersInGroup(request) {
      const { UserPoolId, GroupName, Limit, NextToken } = parse(Members, request);
      checkPool(core, UserPoolId);
      existing(users.findGroup(store, GroupName));
      const matches = ({ groups }: User): boolean => groups.includes(GroupName);
      const page = users.page(store, { limit: Limit, after: NextToken, matches });
      return {
        Users: page.users.map((user) => describeUser(user, "Attributes")),
        ...(page.next === undefined ? {} : { NextToken: page.next }),
      };
    },
    AdminAddUserToGroup: onMembership((tx, user, name) => {
      if (user.groups.includes(name)) return;
      if (name === operatorGroup && user.kind !== "account")
        throw new IdentityError("InvalidParameterException", "A guest or device cannot be an operator");
      const isDoubtful = user.kind === "account" && user.status === "CONFIRMED" && user.ownPassword !== true;
      users.change(tx, user, { groups: [...user.groups, name], status: isDoubtful ? "RESET_REQUIRED" : user.status });
      sessions.endAll(tx, user.sub);
    }),
    AdminRemoveUserFromGroup: onMembership((tx, user, name) => {
      users.change(tx, user, { groups: user.groups.filter((group) => group !== name) });
    }),
    async AdminListGroupsForUser(request) {
      const { UserPoolId, Username } = parse(OfUser, request);
      checkPool(core, UserPoolId);
      const { groups } = named(core, store, Username);
      return {
        Groups: users
          .groups(store)
          .filter(({ name }) => groups.includes(name))
          .map(describe),
      };
    },
  };
}
