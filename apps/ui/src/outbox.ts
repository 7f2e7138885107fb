/**
 * Actions on their way to the server. Whatever the network does, each takes effect once.
 *
 * B1. An action is kept on the device, with its idempotency key, before it is first sent and until it is answered; it survives a reload.
 * B2. No answer, or a server that asks for patience: the same action with the same key again, with full jitter up to 30 s, and not before
 *     the time it asks for. Where the device's clock was set back meanwhile, the wait is over.
 * B3. Any other answer settles it, for good or ill.
 * B4. Actions of one lane go one after the other, in the order they were taken.
 *     So does an end of the sign-in: the action waits for the next one.
 * B5. An action may rest before it is sent; until then it can be taken back.
 * B6. All tabs of an app keep their actions in one place, each action by itself, so that none writes over another's. Each tab knows of all:
 *     one that was closed leaves its own to the others. What one tab has settled or taken back, another no longer sends.
 * B7. Where an app says who its user is, an action is sent for the user who took it alone, also after another user has signed in.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "./clock.ts";
import { isSignedOut, mayRetry, Problem } from "./problem.ts";
import type { Shelf } from "./storage.ts";

/** Something a user did that the server has not answered yet. */
export interface Action<Kind extends string = string> {
  /** The idempotency key. */
  readonly key: string;
  readonly kind: Kind;
  readonly lane: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Not sent before, on the device's clock (B5). */
  readonly notBeforeMs: number;
  /** When it was last kept, on the same clock. */
  readonly keptMs?: number;
  readonly attempts: number;
  /** Who took it (B7). */
  readonly user?: string;
  /** The later taken, the greater. */
  readonly place: number;
}

/** How an action ended: the answer, or the last error. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** Actions that are sent in order, lane by lane, until the server has answered each (B1 to B7). */
export interface Outbox<Kind extends string> {
  /** Those of the user of now (B7). */
  readonly actions: ReadonlySignal<readonly Action<Kind>[]>;
  add(kind: Kind, lane: string, body?: Record<string, unknown>, restMs?: number): Action<Kind>;
  /** Takes back an action that has not been sent; false where that is too late. */
  takeBack(key: string): boolean;
  /** Sends what waits for a retry now. */
  hurry(): void;
  /** Sends everything now, what rests and what other tabs keep too (B6). Resolves with true once all is answered, with false where something has to be tried again later. */
  finish(): Promise<boolean>;
  /** Forgets everything, as at sign-out, or what one user took. */
  clear(user?: string): void;
}

/** How actions are kept and sent. */
export interface OutboxOptions<Kind extends string> {
  readonly shelf: Shelf;
  readonly send: (action: Action<Kind>) => Promise<unknown>;
  readonly onSettled: (action: Action<Kind>, outcome: Outcome) => void;
  readonly clock: Clock;
  readonly newKey: () => string;
  readonly random: () => number;
  /** Who uses the app now (B7); an app without it sends for the user who is signed in. */
  readonly user?: () => string;
}

const KEY = "outbox ";
const LONGEST_WAIT_MS = 30_000;
/** Clocks that are being set right step back a little; no rest ends for that. */
const STEP_MS = 1000;

/** Goes on with what a former page left unanswered. */
export function createOutbox<Kind extends string>(options: OutboxOptions<Kind>): Outbox<Kind> {
  const { shelf, clock } = options;
  const kept = (): Action<Kind>[] => shelf.all<Action<Kind>>(KEY).sort((a, b) => a.place - b.place);
  const actions = signal<readonly Action<Kind>[]>([]);
  const sending = new Set<string>();
  let cancelTimer = (): void => {};
  const finishing: ((isEmpty: boolean) => void)[] = [];

  const keep = (action: Action<Kind>): void => shelf.set(KEY + action.key, { ...action, keptMs: clock.nowMs() });
  const drop = (key: string): void => shelf.set(KEY + key, undefined);
  const userNow = (): string => options.user?.() ?? "";

  function work(): void {
    cancelTimer();
    const me = userNow();
    const mine = kept().filter(({ user }) => (user || me) === me);
    actions.value = mine;
    if (mine.length === 0) tellFinished(true);
    const nowMs = clock.nowMs();
    for (const action of heads()) if (action.notBeforeMs <= nowMs || (action.keptMs ?? 0) > nowMs + STEP_MS) void send(action);
    const next = Math.min(...heads().map(({ notBeforeMs }) => notBeforeMs));
    if (Number.isFinite(next)) cancelTimer = clock.after(next - nowMs, work);
  }

  /** The first of each lane that is not on its way (B4). */
  function heads(): Action<Kind>[] {
    const lanes = new Set<string>();
    return actions.peek().filter(({ lane, key }) => {
      const first = !lanes.has(lane);
      lanes.add(lane);
      return first && !sending.has(key);
    });
  }

  async function send(action: Action<Kind>): Promise<void> {
    sending.add(action.key);
    const outcome = await options.send(action).then(
      (value): Outcome => ({ ok: true, value }),
      (error: unknown): Outcome => ({ ok: false, error }),
    );
    sending.delete(action.key);
    if (!shelf.get(KEY + action.key)) return work();
    if (!outcome.ok && (mayRetry(outcome.error) || isSignedOut(outcome.error))) return retry(action, outcome.error);
    drop(action.key);
    work();
    options.onSettled(action, outcome);
  }

  function retry(action: Action<Kind>, error: unknown): void {
    const attempts = action.attempts + 1;
    const jitterMs = options.random() * Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempts);
    const waitMs = Math.max(jitterMs, error instanceof Problem ? error.retryAfterMs : 0);
    keep({ ...action, attempts, notBeforeMs: clock.nowMs() + waitMs });
    work();
    tellFinished(false);
  }

  function tellFinished(isEmpty: boolean): void {
    for (const tell of finishing.splice(0)) tell(isEmpty);
  }

  /** Sends now whatever `which` names. */
  function hasten(which: (action: Action<Kind>) => boolean): void {
    for (const action of kept()) if (which(action)) keep({ ...action, notBeforeMs: clock.nowMs() });
    work();
  }

  // What a page of an earlier release kept together.
  for (const [at, action] of (shelf.get<Action<Kind>[]>("outbox") ?? []).entries()) keep({ ...action, place: at });
  shelf.set("outbox", undefined);
  shelf.watch(work);
  work();
  return {
    actions,
    add(kind, lane, body = {}, restMs = 0) {
      const notBeforeMs = clock.nowMs() + restMs;
      const place = (kept().at(-1)?.place ?? 0) + 1;
      const action: Action<Kind> = { key: options.newKey(), kind, lane, body, notBeforeMs, attempts: 0, user: userNow(), place };
      keep(action);
      work();
      return action;
    },
    takeBack(key) {
      const found = shelf.get<Action<Kind>>(KEY + key);
      if (!found || found.attempts > 0 || sending.has(key)) return false;
      drop(key);
      work();
      return true;
    },
    hurry: () => hasten(({ attempts }) => attempts > 0),
    finish: () =>
      new Promise((resolve) => {
        finishing.push(resolve);
        hasten(() => true);
      }),
    clear(user) {
      for (const action of kept()) if (user === undefined || action.user === user) drop(action.key);
      work();
    },
  };
}
