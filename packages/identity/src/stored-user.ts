/**
 * How users lie in the store.
 *
 * W1. `readUser` gives what `putUser` was given.
 * W2. Of a guest only that is written which is not so of every guest: for each order there are some who leave nothing but their sign-in.
 * W3. Records of earlier releases, which have everything, are read as they are.
 */
import { isDeepStrictEqual } from "node:util";
import { partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { keys } from "./keys.ts";
import { kinds } from "./record-kinds.ts";
import type { User } from "./records.ts";

const everyGuest = { emailVerified: false, status: "CONFIRMED", enabled: true, groups: [] } satisfies Partial<User>;

/** Returns a user by `sub`, or undefined. */
export function readUser(view: ReadView, sub: string): User | undefined {
  const stored = view.get<Partial<User>>(keys.user(sub));
  return stored === undefined ? undefined : userOf(sub, stored);
}

/** Users in the order of `sub`, after one of them; `limit` at most. */
export function scanUsers(view: ReadView, after: string | undefined, limit: number): User[] {
  const { start, end } = kinds.users.range();
  const range = { start: after === undefined ? start : `${keys.user(after)}\u0000`, end };
  return view.scan<Partial<User>>(range, { limit }).map(([key, stored]) => userOf(partsOf(key)[1] as string, stored));
}

/** Writes a user; of a guest, which are many, in a shorter form. */
export function putUser(tx: Transaction, user: User): void {
  tx.put(keys.user(user.sub), user.kind === "guest" ? shortened(user) : user);
}

function userOf(sub: string, stored: Partial<User>): User {
  if (stored.kind !== "guest") return stored as User;
  return { ...everyGuest, sub, updatedMs: stored.createdMs, ...stored } as User;
}

/** W2. */
function shortened({ sub: _, ...guest }: User): Partial<User> {
  const usual: Partial<User> = { ...everyGuest, updatedMs: guest.createdMs };
  const own = Object.entries(guest).filter(([name, value]) => !isDeepStrictEqual(value, usual[name as keyof User]));
  return Object.fromEntries(own);
}
