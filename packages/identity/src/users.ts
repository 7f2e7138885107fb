/** Users and groups in the store. */
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { normaliseEmail } from "./email.ts";
import { IdentityError } from "./errors.ts";
import { keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import type { Group, User, UserKind } from "./records.ts";
import { putUser, readUser, scanUsers } from "./stored-user.ts";

/** The users of a pool, by `sub` and by e-mail address. */
export interface Users {
  /** Returns the user of this name, which is an e-mail address or a `sub`, or undefined. */
  find(view: ReadView, username: string): User | undefined;
  create(tx: Transaction, user: NewUser): User;
  /** Writes the changed user back. */
  change(tx: Transaction, user: User, change: Partial<User>): User;
  remove(tx: Transaction, user: User): void;
  /** Users in the order of `sub`, after one of them, until `limit` are found or all were seen. */
  page(view: ReadView, request: PageRequest): Page;
  count(view: ReadView): number;
  findGroup(view: ReadView, name: string): Group | undefined;
  createGroup(tx: Transaction, name: string, description: string): Group;
  groups(view: ReadView): Group[];
}

interface PageRequest {
  readonly limit: number;
  readonly after: string | undefined;
  readonly matches: (user: User) => boolean;
}

interface Page {
  readonly users: readonly User[];
  /** The user after whom to go on; undefined at the end. */
  readonly next: string | undefined;
}

const chunkSize = 200;

interface NewUser extends Partial<User> {
  readonly kind: UserKind;
}

/** Returns the users of a pool. */
export function createUsers(clock: Clock, ids: Ids): Users {
  return {
    find(view, username) {
      const sub = username.includes("@") ? view.get<string>(keys.email(normalised(username))) : username;
      return sub === undefined ? undefined : readUser(view, sub);
    },
    create(tx, given) {
      const nowMs = clock.nowMs();
      const fresh = {
        sub: ids.uuid(),
        emailVerified: false,
        status: "CONFIRMED",
        enabled: true,
        groups: [],
        createdMs: nowMs,
        updatedMs: nowMs,
      } as const;
      const user: User = { ...fresh, ...given };
      if (user.email !== undefined) {
        if (tx.get(keys.email(user.email)) !== undefined)
          throw new IdentityError("UsernameExistsException", "An account with the given email already exists.");
        tx.put(keys.email(user.email), user.sub);
      }
      putUser(tx, user);
      return user;
    },
    change(tx, user, change) {
      const changed = { ...user, ...change, updatedMs: clock.nowMs() };
      putUser(tx, changed);
      return changed;
    },
    remove(tx, user) {
      tx.delete(keys.user(user.sub));
      if (user.email !== undefined) tx.delete(keys.email(user.email));
    },
    page: readPage,
    count: (view) => view.keys(kinds.users.range()).length,
    findGroup: (view, name) => view.get<Group>(keys.group(name)),
    createGroup(tx, name, description) {
      if (tx.get(keys.group(name)) !== undefined) throw new IdentityError("GroupExistsException", "A group with the name already exists.");
      const group: Group = { name, description, createdMs: clock.nowMs() };
      tx.put(keys.group(name), group);
      return group;
    },
    groups: (view) => view.scan<Group>(kinds.groups.range()).map(([, group]) => group),
  };
}

function readPage(view: ReadView, { limit, after, matches }: PageRequest): Page {
  const found: User[] = [];
  for (let last = after; ; ) {
    const users = scanUsers(view, last, chunkSize);
    for (const user of users) {
      if (!matches(user)) continue;
      if (found.length === limit) return { users: found, next: found.at(-1)?.sub };
      found.push(user);
    }
    last = users.at(-1)?.sub;
    if (last === undefined || users.length < chunkSize) return { users: found, next: undefined };
  }
}

/** A text that is no address is no user's name. */
function normalised(username: string): string {
  try {
    return normaliseEmail(username);
  } catch {
    return "";
  }
}
