import type { Key } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

/** Under which key each record of the pool lies. */
export const keys = {
  pool: kinds.pool.key("pool"),
  firstAdmin: kinds.pool.key("first-admin"),
  user: (sub: string): Key => kinds.users.key(sub),
  email: (email: string): Key => kinds.emails.key(email),
  session: (sub: string, id: string): Key => kinds.sessions.key(sub, id),
  code: (purpose: string, sub: string, requester: string): Key => kinds.codes.key(purpose, sub, requester),
  device: (sub: string, device: string): Key => kinds.devices.key(sub, device),
  exchange: (id: string): Key => kinds.exchanges.key(id),
  limit: (kind: string, subject: string): Key => kinds.limits.key(kind, subject),
  group: (name: string): Key => kinds.groups.key(name),
  mail: (id: string): Key => kinds.mails.key(id),
};
