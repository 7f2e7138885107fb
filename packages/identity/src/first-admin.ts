import { credentialsOf } from "./credentials.ts";
import { normaliseEmail } from "./email.ts";
import type { PoolEngine } from "./engine.ts";
import { operatorGroup, staffGroup } from "./groups.ts";
import { keys } from "./keys.ts";
import { checkPassword } from "./password-policy.ts";
import { generatePassword } from "./passwords.ts";

/** The first admin's sign-in, to be shown once. */
export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
}

/** Makes the first admin, an operator too, with a generated password unless the settings give one. Returns undefined if an earlier start made it. @throws {IdentityError} `InvalidPasswordException` */
export async function ensureFirstAdmin(engine: PoolEngine, given: Partial<FirstAdmin>): Promise<FirstAdmin | undefined> {
  const { store, users, ids } = engine;
  if (store.get(keys.firstAdmin) !== undefined) return undefined;
  const email = normaliseEmail(given.email ?? "admin@serverlesspresso.local");
  const password = given.password ?? generatePassword(ids);
  if (given.password !== undefined) await checkPassword(password, 8, [email]);
  const sub = ids.uuid();
  const credentials = await credentialsOf(engine, sub, password, "first admin");
  return store.transact((tx) => {
    if (tx.get(keys.firstAdmin) !== undefined) return undefined;
    const admin = users.create(tx, {
      sub,
      kind: "account",
      email,
      emailVerified: true,
      name: "Admin",
      ...credentials,
      ownPassword: true,
      groups: [staffGroup, operatorGroup],
    });
    tx.put(keys.firstAdmin, admin.sub);
    return { email, password };
  });
}
