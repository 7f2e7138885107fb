/**
 * Signing out without losing what waits on the device.
 *
 * LV1. What waits to be sent, what can still be taken back and what waits in another tab too, is sent before the session ends.
 * LV2. Where it cannot be sent, the user decides: stay, or leave and drop it. Once it is sent after all, the session ends as asked for.
 */
import { effect, type Signal, signal } from "@preact/signals";
import type { Outbox } from "./outbox.ts";
import type { Session } from "./session.ts";

/** Which sessions end: the one of this device, or all of the user's. */
type Leave = "here" | "everywhere";

type Waiting = Pick<Outbox<string>, "finish" | "clear"> & { readonly actions: Pick<Outbox<string>["actions"], "value"> };

/** Signing out with actions that still wait to be sent (LV1, LV2). */
export interface Leaving {
  /** `sending` and `stuck` while the user waits to be signed out (LV1, LV2). */
  readonly stage: Signal<"sending" | "stuck" | undefined>;
  /** How many actions wait; reading it in a view follows it. */
  waiting(): number;
  /** Holds up every sign-out until this outbox is empty. */
  guard(outbox: Waiting): void;
  /** Rejects where "everywhere" could not be asked for. */
  leave(leave: Leave): Promise<void>;
  /** Leaves without what could not be sent. */
  drop(): Promise<void>;
  stay(): void;
}

/** Returns the sign-out of a session; outboxes are added to it. */
export function createLeaving(session: Pick<Session, "signOut" | "signOutEverywhere">): Leaving {
  const outboxes: Waiting[] = [];
  const stage: Leaving["stage"] = signal(undefined);
  const waiting = (): number => outboxes.reduce((sum, { actions }) => sum + actions.value.length, 0);
  let how: Leave = "here";

  effect(() => {
    if (stage.value === "stuck" && waiting() === 0) void end().catch(() => {});
  });

  async function sendAndEnd(): Promise<void> {
    stage.value = "sending";
    const sent = await Promise.all(outboxes.map((outbox) => outbox.finish()));
    if (stage.value !== "sending") return;
    if (sent.includes(false)) stage.value = "stuck";
    else await end();
  }

  function end(): Promise<void> {
    stage.value = undefined;
    return how === "here" ? session.signOut() : session.signOutEverywhere();
  }

  return {
    stage,
    waiting,
    guard: (outbox) => void outboxes.push(outbox),
    leave(next) {
      how = next;
      return sendAndEnd();
    },
    async drop() {
      stage.value = undefined;
      for (const outbox of outboxes) outbox.clear();
      await end();
    },
    stay: () => void (stage.value = undefined),
  };
}
