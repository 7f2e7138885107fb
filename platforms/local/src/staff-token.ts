import { operatorGroup, type UserPool } from "@serverlesspresso/identity";
import type { Clock } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";

const renewBeforeMs = 300_000;

/** Signs this process in like a paired tablet, once it is first asked for, and again before its token ends. */
export function createStaffToken(store: Store, pool: UserPool, clock: Clock): () => Promise<string> {
  let current: { readonly token: Promise<string>; readonly untilMs: number } | undefined;
  return () => {
    if (current === undefined || current.untilMs <= clock.nowMs()) {
      current = { token: signIn(store, pool), untilMs: clock.nowMs() + 3_600_000 - renewBeforeMs };
    }
    return current.token;
  };
}

async function signIn(store: Store, pool: UserPool): Promise<string> {
  const { Users } = pool.query(store, "ListUsersInGroup", { UserPoolId: pool.poolId, GroupName: operatorGroup });
  const operator = (Users as readonly { readonly Username: string; readonly Enabled: boolean }[]).find(({ Enabled }) => Enabled);
  if (operator === undefined) throw new Error("robots are let in by an operator, and the user pool has none that is enabled");
  const { code, deviceSecret } = await pool.startPairing({ deviceName: "Robots" });
  await pool.confirmPairing(code, operator.Username);
  const tokens = await pool.pollPairing(deviceSecret);
  if (tokens === undefined) throw new Error("the robots' pairing was not confirmed");
  return tokens.AccessToken;
}
