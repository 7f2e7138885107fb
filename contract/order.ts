/** The states of an order and the changes between them (docs/spec.md section 4). */

/** Every state, in the order in which an order can pass through them; the first three are open. */
export const orderStates = ["CREATED", "SUBMITTED", "MAKING", "COMPLETED", "CANCELLED", "TIMEDOUT", "REFUSED"] as const;
/** The state of an order. */
export type OrderState = (typeof orderStates)[number];

/** The states of an order that still counts against `maxOrdersPerUser`. */
export const openStates = ["CREATED", "SUBMITTED", "MAKING"] as const satisfies readonly OrderState[];

/** The states that an order never leaves. */
export const finalStates = ["COMPLETED", "CANCELLED", "TIMEDOUT", "REFUSED"] as const satisfies readonly OrderState[];

/** Returns whether an order in this state never changes again. */
export function isFinal(state: OrderState): boolean {
  return (finalStates as readonly OrderState[]).includes(state);
}

/** A change of state: from any of `from` to `to`. */
export interface OrderTransition {
  readonly from: readonly OrderState[];
  readonly to: OrderState;
}

/** The actions of `PUT /orders/{id}?action=`. `announce` calls a completed order again and leaves its state. */
export const orderActions = {
  placeOrder: { alias: "", by: "owner", from: ["CREATED"], to: "SUBMITTED" },
  make: { alias: "claimOrder", by: "admin", from: ["SUBMITTED"], to: "MAKING" },
  unmake: { alias: undefined, by: "admin", from: ["MAKING"], to: "SUBMITTED" },
  complete: { alias: "completeOrder", by: "admin", from: ["SUBMITTED", "MAKING"], to: "COMPLETED" },
  cancel: { alias: "cancelOrder", by: "owner or admin", from: ["CREATED", "SUBMITTED", "MAKING"], to: "CANCELLED" },
  announce: { alias: undefined, by: "admin", from: ["COMPLETED"], to: "COMPLETED" },
} as const satisfies Readonly<Record<string, OrderTransition & { readonly alias: string | undefined; readonly by: string }>>;
/** The name of an action. */
export type OrderActionName = keyof typeof orderActions;

/** The changes made beside the actions: the workflow refuses an order or ends it at its deadline; `finish` follows an operator who resumed it by hand. */
export const orderEndings = {
  refuse: { from: openStates, to: "REFUSED" },
  timeOut: { from: openStates, to: "TIMEDOUT" },
  finish: { from: openStates, to: "COMPLETED" },
} as const satisfies Readonly<Record<string, OrderTransition>>;
