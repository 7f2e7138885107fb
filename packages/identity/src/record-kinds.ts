/** The kinds of records of the user pool. */
import { defineKind, type Kept, type Kind, type Migration } from "@serverlesspresso/store";
import { z } from "zod";
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

/** Its device was made then, and has no session until it fetches its tokens. */
const Confirmed = z.object({ sub: z.string() });

const forgotten: Migration = {
  to: 2,
  says: "pairings under way are forgotten, for they last ten minutes and lie in the platform's table now; a screen that waits shows a new code",
  change(tx, key, value) {
    // Under a code lies the text of another key.
    const { success, data } = Confirmed.safeParse(value);
    if (success && tx.scan(kinds.sessions.range(data.sub), { limit: 1 }).length === 0) tx.delete(kinds.users.key(data.sub));
    tx.delete(key);
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
  pairings: defineKind({
    prefix: "ipair",
    holds: "pairings of devices, by earlier releases",
    owner: "identity",
    kept: "while needed",
    version: 2,
    migrations: [forgotten],
  }),
  devices: kind("idevice", "devices that have signed in", "while needed"),
  exchanges: kind("isrp", "challenges of a sign-in that were answered", "while needed"),
  groups: kind("igroup", "groups", "for good"),
  mails: kind("imail", "mail to be sent or read", "while needed"),
};
