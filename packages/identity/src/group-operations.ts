/**
 * Groups: who is in them changes what every token of theirs allows, at once.
 *
 * G1. A group is given to who signs in from then on: whatever was signed in before ends.
 * G2. A password that may be another person's does not enter with a group: its owner sets another by a mailed code first.
 * G3. An operator is an account: a guest or a paired device is refused the group.
 */
import { absent } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { describeUser, named } from "./admin-operations.ts";
import { list, type PoolEngine, read, write } from "./engine.ts";
import { IdentityError, invalid } from "./errors.ts";
import { operatorGroup } from "./groups.ts";
import type { Group, User } from "./records.ts";
import { checkPool, GroupName, PoolId, Username } from "./request.ts";

const WithPool = z.object({ UserPoolId: PoolId });
const Create = WithPool.extend({ GroupName, Description: z.string().max(2048).default("") });
const WithGroup = WithPool.extend({ GroupName });
const Membership = WithPool.extend({ GroupName, Username });
const page = { Limit: z.int().min(1).max(60).optional(), NextToken: z.string().optional() };
const ListGroups = WithPool.extend(page);
const AdminListGroupsForUser = WithPool.extend({ Username, ...page });
const ListUsersInGroup = WithGroup.extend(page);

/** An operation that changes the groups of one user. */
const onMembership = (change: (engine: PoolEngine, tx: Transaction, user: User, group: string) => void) =>
  write(Membership, (engine, tx, { UserPoolId, GroupName, Username }) => {
    checkPool(engine, UserPoolId);
    requireGroup(engine, tx, GroupName);
    change(engine, tx, named(engine, tx, Username), GroupName);
    return {};
  });

/**
 * Those on groups and their members.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
 */
export const groupOperations = {
  CreateGroup: write(Create, (engine, tx, { UserPoolId, GroupName, Description }) => {
    checkPool(engine, UserPoolId);
    return { Group: describe(engine, engine.users.createGroup(tx, GroupName, Description)) };
  }),
  GetGroup: read(WithGroup, (engine, view, { UserPoolId, GroupName }) => {
    checkPool(engine, UserPoolId);
    return { Group: describe(engine, requireGroup(engine, view, GroupName)) };
  }),
  ListGroups: list(ListGroups, (engine, view, { UserPoolId }, page) => {
    checkPool(engine, UserPoolId);
    const { items, next } = page.cut(engine.users.groups(view));
    return { Groups: items.map((group) => describe(engine, group)), ...next };
  }),
  ListUsersInGroup: list(ListUsersInGroup, (engine, view, { UserPoolId, GroupName }, page) => {
    checkPool(engine, UserPoolId);
    requireGroup(engine, view, GroupName);
    const matches = ({ groups }: User): boolean => groups.includes(GroupName);
    const { users, next } = engine.users.page(view, { limit: page.limit, after: page.after(z.string()), matches });
    return { Users: users.map((user) => describeUser(user, "Attributes")), ...page.next(next) };
  }),
  AdminAddUserToGroup: onMembership(({ users, sessions }, tx, user, name) => {
    if (user.groups.includes(name)) return;
    if (name === operatorGroup && user.kind !== "account") throw invalid("A guest or device cannot be an operator");
    const isDoubtful = user.kind === "account" && user.status === "CONFIRMED" && user.ownPassword !== true;
    users.change(tx, user, { groups: [...user.groups, name], status: isDoubtful ? "RESET_REQUIRED" : user.status });
    sessions.endAll(tx, user.sub);
  }),
  AdminRemoveUserFromGroup: onMembership(({ users }, tx, user, name) => {
    users.change(tx, user, { groups: user.groups.filter((group) => group !== name) });
  }),
  AdminListGroupsForUser: list(AdminListGroupsForUser, (engine, view, { UserPoolId, Username }, page) => {
    checkPool(engine, UserPoolId);
    const { groups } = named(engine, view, Username);
    const { items, next } = page.cut(engine.users.groups(view).filter(({ name }) => groups.includes(name)));
    return { Groups: items.map((group) => describe(engine, group)), ...next };
  }),
  ...absent("groups come with the blueprint or an operator, and stay", ["DeleteGroup", "UpdateGroup"]),
};

/** @throws {IdentityError} `ResourceNotFoundException` */
function requireGroup({ users }: PoolEngine, view: ReadView, name: string): Group {
  const group = users.findGroup(view, name);
  if (group === undefined) throw new IdentityError("ResourceNotFoundException", "Group not found.");
  return group;
}

function describe({ pool }: PoolEngine, { name, description, createdMs }: Group): JsonObject {
  return {
    GroupName: name,
    UserPoolId: pool.poolId,
    Description: description,
    CreationDate: createdMs / 1000,
    LastModifiedDate: createdMs / 1000,
  };
}
