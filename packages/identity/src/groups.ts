/**
 * The groups that mean something here; an operator may make others, which do not.
 *
 * A guest and a paired device are no operator, whatever group they are in: what opens the console is a password of one's own.
 */
import type { User } from "./records.ts";

/** Baristas, and the displays and tablets that were paired. */
export const staffGroup = "admin";
/** Who may do what the console does: AWS's calls by token, people and groups, the outbox, the audit log, backups, pairing. */
export const operatorGroup = "operator";

/** The groups whose rights a user has. */
export function groupsOf({ kind, groups }: Pick<User, "kind" | "groups">): readonly string[] {
  return kind === "account" ? groups : groups.filter((name) => name !== operatorGroup);
}

/**
 * A user of version 1, where `admin` alone opened the console: its accounts stay operators. A group `operator` made before
 * that opened nothing, so its members do not become operators.
 */
export function withOperators(user: User): User {
  const others = user.groups.filter((name) => name !== operatorGroup);
  const isOperator = user.kind === "account" && user.passwordHash !== undefined && others.includes(staffGroup);
  return { ...user, groups: isOperator ? [...others, operatorGroup] : others };
}
