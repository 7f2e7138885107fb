/** The kinds of records of the user pool. */
import { defineKind, type Kept, type Kind, type Migration } from "@serverlesspresso/store";
import { withOperators } from "./groups.ts";
import type { User } from "./records.ts";

const kind = (prefix: string, holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner: "identity", kept });

const operators: Migration = {
  to: 2,
  says: "accounts in group admin, which opened the console until now, are in group operator too; paired devices and who joins admin later are not",
  change(tx, key, value) {
    const user = value as User;
    const changed = withOperators(user);
    if (changed.groups.join() === user.groups.join()) return false;
    tx.put(key, changed);
    return true;
  },
};

/** Every kind of record of the user pool. */
export const kinds = {
  pool: kind("i", "the user pool and its first admin", "for good"),
  users: defineKind({ prefix: "iuser", holds: "users", owner: "identity", kept: "for good", version: 3, migrations: [operators] }),
  emails: kind("iemail", "whose address an address is", "for good"),
  sessions: defineKind({ prefix: "isession", holds: "sessions", owner: "identity", kept: "while needed", version: 2 }),
  codes: kind("icode", "codes sent by mail", "while needed"),
  limits: kind("ilimit", "attempts counted", "while needed"),
  pairings: kind("ipair", "pairings of devices", "while needed"),
  devices: kind("idevice", "devices that have signed in", "while needed"),
  exchanges: kind("isrp", "challenges of a sign-in that were answered", "while needed"),
  groups: kind("igroup", "groups", "for good"),
  mails: kind("imail", "mail to be sent or read", "while needed"),
};
