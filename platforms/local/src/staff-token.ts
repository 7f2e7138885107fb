import { staffGroup, type UserPool } from "@serverlesspresso/identity";
import type { Clock, Ids } from "@serverlesspresso/ports";

const renewBeforeMs = 300_000;

/** Signs this process in like a paired tablet, once it is first asked for, and again before its token ends. */
export function createStaffToken(
  pool: Pick<UserPool, "signInWithoutPassword">,
  clock: Clock,
  ids: Pick<Ids, "uuid">,
): () => Promise<string> {
  const tablet = { id: ids.uuid(), kind: "device", name: "Robots", groups: [staffGroup] } as const;
  let current: { readonly token: Promise<string>; readonly untilMs: number } | undefined;
  return () => {
    if (current === undefined || current.untilMs <= clock.nowMs()) {
      const token = pool.signInWithoutPassword(tablet).then(({ AccessToken }) => AccessToken);
      current = { token, untilMs: clock.nowMs() + 3_600_000 - renewBeforeMs };
    }
    return current.token;
  };
}
