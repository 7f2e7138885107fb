/**
 * What a function asks of its ports, as data.
 *
 * W1. `uses` of a function is all that it calls. On AWS its role allows that and nothing else, and its Lambda entry wires these ports
 *     and no other. On the local platform nothing follows from it.
 * W2. A recorded run of each function is held against its `uses`: what is missing and what is not needed both fail.
 */

/** What DynamoDB's authorization calls the operations of the port. `ConditionCheckItem` is `conditionCheck` of a transaction. */
export type TableAction = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "ConditionCheckItem" | "Query";

/** One thing that a function uses. */
export type Use =
  | { readonly kind: "table"; readonly table: string; readonly actions: readonly TableAction[]; readonly index?: string }
  /** `events:PutEvents` on the blueprint's bus. */
  | { readonly kind: "events" }
  /** `states:SendTaskSuccess` and `states:SendTaskFailure`: resumes what waits with a token of this workflow. */
  | { readonly kind: "tasks"; readonly workflow: string }
  /** `iot:Publish` on this topic; `{userId}` stands for any user. */
  | { readonly kind: "topic"; readonly topic: string }
  /** `cloudwatch:PutMetricData` in the blueprint's namespace. */
  | { readonly kind: "metrics" }
  /** Makes and signs in users of this kind in the user pool; devices join a group. */
  | { readonly kind: "identities"; readonly of: "guest" | "device" }
  /** What the operator decides; no right follows from it. */
  | { readonly kind: "settings" };

/** Makes the entries of `uses`. */
export const use = {
  /** Actions on the items of a table. */
  table: (table: string, ...actions: readonly [TableAction, ...TableAction[]]): Use => ({ kind: "table", table, actions }),
  /** Queries of an index. */
  index: (table: string, index: string): Use => ({ kind: "table", table, actions: ["Query"], index }),
  /** Messages on a topic. */
  topic: (topic: string): Use => ({ kind: "topic", topic }),
  /** Events on the bus. */
  events: { kind: "events" },
  /** Tasks of a workflow that wait with a token. */
  tasks: (workflow: string): Use => ({ kind: "tasks", workflow }),
  /** Values of CloudWatch metrics. */
  metrics: { kind: "metrics" },
  /** Sign-in of users without a password. */
  identities: (of: "guest" | "device"): Use => ({ kind: "identities", of }),
  /** The operator's settings. */
  settings: { kind: "settings" },
} as const satisfies Record<string, Use | ((...names: never) => Use)>;
