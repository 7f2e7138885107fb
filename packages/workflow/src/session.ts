/**
 * One transaction's view of the executions it moves.
 *
 * W1. A transition, the effects of its transactional integrations, its history and its timer are one commit.
 * W2. Nothing recurses: what is started or resumed while the engine decides is put in a queue, and the queue is drained at the
 *     end of the transaction (`beforeCommit`).
 * W3. One transaction makes at most `eventsPerTransaction` history events; what is left is durable in the inboxes and goes
 *     on in transactions of its own, so that a definition that loops for ever delays no other execution.
 *     Nor does one turn of the event loop take more than a slice of what expressions do, over all of its transactions (`slice.ts`).
 * W4. What a savepoint undoes is undone here too.
 * W5. An execution that cannot be written (a key or a value that the store refuses) ends with `States.Runtime`; the others of the
 *     transaction, and the sender of the event that started it, do not notice.
 */
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Engine, Session } from "./engine.ts";
import { isStoreFailure } from "./failures.ts";
import type { ExecutionId } from "./keys.ts";
import { type Live, liveOf, recordOf } from "./live.ts";
import { persist } from "./persist.ts";
import type { OpenWait, QueuedStimulus } from "./records.ts";
import { readRunning, storedOf, writeWhole } from "./running-store.ts";
import { abandonUnwritten, advance } from "./transition.ts";

const eventsPerTransaction = 1_000;

/** The sessions of the transactions that run. */
export interface Sessions {
  of(tx: Transaction): Session;
  /** The session of this view, if it is a transaction that has one. */
  peek(view: ReadView): Session | undefined;
}

/** Returns the sessions of the engine: one to a transaction, made on first use. */
export function createSessions(engine: Engine): Sessions {
  const sessions = new WeakMap<ReadView, Session>();
  return {
    of(tx) {
      let session = sessions.get(tx);
      if (session === undefined) sessions.set(tx, (session = createSession(engine, tx)));
      return session;
    },
    peek: (view) => sessions.get(view),
  };
}

function createSession(engine: Engine, tx: Transaction): Session {
  const lives = new Map<ExecutionId, Live>();
  const changed = new Set<Live>();
  const queue: Live[] = [];
  let unwritten: Live[] = [];
  let scheduled = false;

  function load(id: ExecutionId): Live | undefined {
    const known = lives.get(id);
    if (known !== undefined) return known.gone || known.outcome ? undefined : known;
    const kept = engine.inMemory.get(id);
    const record = kept ?? engine.recent.get(id) ?? readRunning(tx, id);
    if (record === undefined) return undefined;
    const live = liveOf(id, record, kept !== undefined);
    if (kept === undefined) live.stored = storedOf(record);
    lives.set(id, live);
    return live;
  }

  function enqueue(live: Live, stimulus: QueuedStimulus): void {
    live.inbox.push(stimulus);
    tx.onUndo(() => {
      const at = live.inbox.lastIndexOf(stimulus);
      if (at >= 0) live.inbox.splice(at, 1);
    });
    wake(live);
  }

  function wake(live: Live): void {
    changed.add(live);
    if (!live.queued) queue.push(live);
    live.queued = true;
    if (scheduled) return;
    scheduled = true;
    tx.beforeCommit(drain);
    tx.onUndo(() => {
      scheduled = false;
    });
  }

  function setOpen(live: Live, wait: number, value: OpenWait | undefined): void {
    const before = live.open[wait];
    if (value === undefined) delete live.open[wait];
    else live.open[wait] = value;
    changed.add(live);
    tx.onUndo(() => {
      if (before === undefined) delete live.open[wait];
      else live.open[wait] = before;
    });
  }

  function drain(): void {
    let budget = eventsPerTransaction;
    // The queue grows while we go through it.
    for (let i = 0; i < queue.length; i++) {
      const live = queue[i] as Live;
      live.queued = false;
      if (budget > 0 && !live.gone) budget -= advance(engine, session, live, budget);
    }
    queue.length = 0;
    scheduled = false;
    unwritten = [];
    const moved = [...changed];
    // What cannot be written tells its parent, which is then drained once more.
    changed.clear();
    for (const live of moved) if (!live.gone) write(live);
  }

  /** W5. */
  function write(live: Live): void {
    const { timerMs, working, outcome } = live;
    try {
      tx.savepoint(() => persist(engine, tx, live));
    } catch (error) {
      if (isStoreFailure(error) || outcome !== undefined) throw error;
      Object.assign(live, { timerMs, working });
      engine.onError(error, `execution ${live.id}`);
      abandonUnwritten(engine, session, live, error as Error);
      persist(engine, tx, live);
    }
  }

  const session: Session = {
    tx,
    load,
    knows: (id) => lives.has(id),
    publish() {
      const before = unwritten;
      if (before.length === 0) return;
      unwritten = [];
      tx.onUndo(() => {
        unwritten = before;
      });
      for (const live of before) {
        if (!live.gone && !live.inMemory && live.express === undefined) writeWhole(tx, live.id, recordOf(live));
      }
    },
    add(id, record, inMemory) {
      const live = liveOf(id, { ...record, inbox: [] }, inMemory);
      lives.set(id, live);
      unwritten.push(live);
      if (!inMemory) engine.identities.note(tx, id, record);
      tx.onUndo(() => {
        live.gone = true;
        lives.delete(id);
      });
      for (const stimulus of record.inbox) enqueue(live, stimulus);
    },
    enqueue,
    wake,
    settle(live, wait, stimulus) {
      setOpen(live, wait, undefined);
      enqueue(live, stimulus);
    },
    setOpen,
  };
  return session;
}
