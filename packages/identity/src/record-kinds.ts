/** The kinds of records of the user pool. */
import { defineKind, type Kept, type Kind } from "@serverlesspresso/store";

const kind = (prefix: string, holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner: "identity", kept });

export const kinds = {
  pool: kind("i", "the user pool and its first admin", "for good"),
  users: kind("iuser", "users", "for good"),
  emails: kind("iemail", "whose address an address is", "for good"),
  sessions: kind("isession", "sessions", "while needed"),
  codes: kind("icode", "codes sent by mail", "while needed"),
  limits: kind("ilimit", "attempts counted", "while needed"),
  pairings: kind("ipair", "pairings of devices", "while needed"),
  devices: kind("idevice", "devices that have signed in", "while needed"),
  exchanges: kind("isrp", "challenges of a sign-in that were answered", "while needed"),
  groups: kind("igroup", "groups", "for good"),
  mails: kind("imail", "mail to be sent or read", "while needed"),
};
