/**
 * The order of deliveries in memory: one lane for each target, so that a slow or failing target does not hold up the others.
 *
 * N1. A lane makes at most `concurrency` deliveries at once, and starts them in the order of their arrival.
 * N2. A delivery that is not due waits outside that order; each lane has one timer in memory, for the delivery that is due next.
 */
import type { Clock } from "@serverlesspresso/ports";
import type { Delivery } from "./delivery-record.ts";

/** The lanes of all targets. */
export interface Lanes {
  /** Adds a delivery at the end of the lane of its target. */
  add(delivery: Delivery): void;
  /** Returns true if other deliveries come before a new one to this target. */
  isBusy(delivery: Delivery): boolean;
  /** Drops waiting deliveries from memory. Resolves when the deliveries in progress have ended. */
  stop(): Promise<void>;
}

interface Lane {
  ready: Delivery[];
  /** The index of the next delivery. Removing the first element each time would cost the length of the array. */
  head: number;
  readonly waiting: Delivery[];
  running: number;
  disarm: () => void;
}

const worthCutting = 1024;

/** Creates lanes. `work` makes one delivery and must not reject. */
export function createLanes(clock: Clock, concurrency: number, work: (delivery: Delivery) => Promise<void>): Lanes {
  const lanes = new Map<string, Lane>();
  const underWay = new Set<Promise<void>>();
  let isStopped = false;

  const nameOf = ({ busName, ruleName, targetId }: Delivery): string => `${busName}\n${ruleName}\n${targetId}`;

  function laneOf(delivery: Delivery): Lane {
    const name = nameOf(delivery);
    let lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, (lane = { ready: [], head: 0, waiting: [], running: 0, disarm: () => {} }));
    return lane;
  }

  function wait(lane: Lane, delivery: Delivery): void {
    const at = lane.waiting.findIndex(({ dueMs }) => dueMs > delivery.dueMs);
    lane.waiting.splice(at < 0 ? lane.waiting.length : at, 0, delivery);
    if (lane.waiting[0] === delivery) arm(lane);
  }

  function arm(lane: Lane): void {
    lane.disarm();
    const next = lane.waiting[0];
    if (next === undefined || isStopped) return;
    lane.disarm = clock.at(next.dueMs, () => {
      const nowMs = clock.nowMs();
      while ((lane.waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) lane.ready.push(lane.waiting.shift() as Delivery);
      arm(lane);
      advance(lane);
    });
  }

  function advance(lane: Lane): void {
    while (!isStopped && lane.running < concurrency && lane.head < lane.ready.length) {
      const delivery = lane.ready[lane.head++] as Delivery;
      lane.running++;
      const done: Promise<void> = work(delivery).finally(() => {
        lane.running--;
        underWay.delete(done);
        advance(lane);
      });
      underWay.add(done);
    }
    if (lane.head === lane.ready.length || lane.head >= worthCutting) {
      lane.ready = lane.ready.slice(lane.head);
      lane.head = 0;
    }
  }

  return {
    add(delivery) {
      if (isStopped) return;
      const lane = laneOf(delivery);
      if (delivery.dueMs > clock.nowMs()) wait(lane, delivery);
      else {
        lane.ready.push(delivery);
        advance(lane);
      }
    },
    isBusy(delivery) {
      const lane = lanes.get(nameOf(delivery));
      return lane !== undefined && (lane.running > 0 || lane.head < lane.ready.length || lane.waiting.length > 0);
    },
    async stop() {
      isStopped = true;
      for (const lane of lanes.values()) lane.disarm();
      lanes.clear();
      await Promise.allSettled(underWay);
    },
  };
}
