/** The pool's own record: its ids, made once, and whether its accounts are all as this release makes them. */
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { operatorGroup, staffGroup } from "./groups.ts";
import { keys } from "./keys.ts";
import type { PoolRecord } from "./records.ts";
import { keyedHash, randomText } from "./secrets.ts";
import type { Users } from "./users.ts";
import type { Verifiers } from "./verifiers.ts";

const descriptions = { [staffGroup]: "Baristas and displays", [operatorGroup]: "Who works at the console" };
const alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyz";

interface PoolRecordOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly clientId?: string;
}

/** Reads the pool's ids, or makes them; makes the groups that are not there, as in a folder of an earlier release. */
export function openPoolRecord({ store, clock, ids, region, clientId }: PoolRecordOptions, users: Users): Promise<PoolRecord> {
  return store.transact((tx) => {
    for (const [name, description] of Object.entries(descriptions)) {
      if (users.findGroup(tx, name) === undefined) users.createGroup(tx, name, description);
    }
    const known = tx.get<PoolRecord>(keys.pool);
    if (known !== undefined && (clientId === undefined || clientId === known.clientId)) return known;
    const record: PoolRecord = {
      ...known,
      poolId: known?.poolId ?? `${region}_${randomText(ids, alphanumeric, 9)}`,
      clientId: clientId ?? randomText(ids, alphanumeric, 26),
      createdMs: known?.createdMs ?? clock.nowMs(),
    };
    tx.put(keys.pool, record);
    return record;
  });
}

/**
 * Whether every account can sign in by SRP (V3). Once it is so it stays so while the key file is the same, and is written down: later starts read no account.
 */
export async function haveAllVerifiers(store: Store, users: Users, verifiers: Verifiers, secret: string): Promise<boolean> {
  const mark = keyedHash(secret, "verifiers of all accounts");
  if (store.get<PoolRecord>(keys.pool)?.verifiedBy === mark) return true;
  const lacks = users.page(store, {
    limit: 1,
    after: undefined,
    matches: (user) => user.passwordHash !== undefined && !verifiers.has(user),
  });
  if (lacks.users.length > 0) return false;
  await store.transact((tx) => tx.put(keys.pool, { ...(tx.get<PoolRecord>(keys.pool) as PoolRecord), verifiedBy: mark }));
  return true;
}
