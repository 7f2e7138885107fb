/**
 * What is over by itself, on the phone.
 *
 * N1. The time to choose is the one the bar gave when the order came to be: its workflow waits so long, whatever the limit is by now.
 * N2. When that time is over the order is asked for, whether a message comes or not, until it has ended.
 * N3. A refusal leaves with its reason: after the time the server named, when a closed shop opens, when the order that was in the way has ended.
 */

import { computed, effect, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ProblemSlug } from "@serverlesspresso/contract";
import type { Clock, ServerClock } from "../../ui/src/clock.ts";
import { isFinished, type Order } from "../../ui/src/orders.ts";
import { Problem } from "../../ui/src/problem.ts";
import type { Shop } from "../../ui/src/shop.ts";

/** How long the guest of an order may choose. */
export interface ChoiceTime {
  readonly orderId: string;
  readonly ms: number;
}

/** What the end of the time to choose follows from. */
export interface ChoiceOptions {
  readonly current: ReadonlySignal<Order | undefined>;
  /** The shop as it is now; `undefined` while what is known may be old. */
  readonly shop: ReadonlySignal<Shop | undefined>;
  readonly choice: Signal<ChoiceTime | undefined>;
  readonly refetch: (orderId: string) => void;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
}

/** How long the message about the end may take. */
const MESSAGE_MS = 3_000;

/** N1, N2. */
export function followChoice({ current, shop, choice, refetch, clock, serverClock }: ChoiceOptions): void {
  effect(() => {
    const order = current.value;
    if (order?.orderState !== "CREATED") return;
    const { orderId } = order;
    if (choice.value?.orderId !== orderId) {
      if (shop.value) choice.value = { orderId, ms: (shop.value.limits.customerTimeoutSeconds ?? 0) * 1000 };
      return;
    }
    let cancel = serverClock.at(order.createdMs + choice.value.ms, () => {
      cancel = clock.after(MESSAGE_MS, () => refetch(orderId));
    });
    return () => cancel();
  });
}

/** What the end of a refusal follows from: a wait, a pause of the bar, an order that ends. */
export interface RefusalOptions {
  readonly refusal: Signal<unknown>;
  readonly shop: ReadonlySignal<Shop | undefined>;
  readonly current: ReadonlySignal<Order | undefined>;
  readonly serverClock: ServerClock;
}

/** N3. */
export function leaveWithReason({ refusal, shop, current, serverClock }: RefusalOptions): void {
  const isOpen = computed(() => shop.value?.storeOpen);
  const leave = (): void => void (refusal.value = undefined);
  effect(() => {
    const error = refusal.value;
    if (error instanceof Problem && error.retryAfterMs)
      return serverClock.at(serverClock.nowMs() + error.retryAfterMs * serverClock.rate(), leave);
  });
  effect(() => {
    const error = refusal.peek();
    if (isOpen.value && error instanceof Problem && error.type === ("shop-closed" satisfies ProblemSlug)) leave();
  });
  let inTheWay = "";
  effect(() => {
    const order = current.value;
    if (order && !isFinished(order)) inTheWay = order.orderId;
    else if (order?.orderId === inTheWay) leave();
  });
}
