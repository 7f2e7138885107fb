/**
 * What stacks and Lambda code agree upon.
 *
 * F1. A service's function has an entry that the bundler makes (`../entry-source.ts`); one of the platform's own has `functions/FILE` beside this
 *     file. Either exports `handler`, and is bundled alone. Its name in Lambda is `name`.
 * F2. `calls` is everything it asks of AWS. Its role allows that and nothing else; code that asks for more is refused by AWS.
 *     Of a service's function it follows from its `uses`: what its entry keeps under an idempotency key comes to it.
 * F3. `environment` are the variables it reads beside those all have: `POWERTOOLS_SERVICE_NAME` (the service), `POWERTOOLS_METRICS_NAMESPACE`,
 *     `LOG_LEVEL`, and Lambda's own (`AWS_REGION`).
 * F4. What fails: an HTTP function answers a problem; any other throws, and AWS repeats the call and at last keeps the event.
 */
import { type Blueprint, blueprint, type FunctionBlueprint } from "@serverlesspresso/blueprint";
import { type Names, physicalName } from "@serverlesspresso/contract";
import type { TableAction, Use } from "@serverlesspresso/services/use.ts";

/** One right: what a service's function uses, or what only the platform's own do. */
export type FunctionGrant =
  | Use
  /** Of this workflow, by its name in the account. */
  | { readonly kind: "startExecution"; readonly workflow: string };

/** A function that runs in Lambda. */
export interface RuntimeFunction {
  readonly name: string;
  /** The service it is of, or `platform`. */
  readonly service: string;
  readonly description: string;
  /** In `functions/`; undefined where the bundler makes it. */
  readonly entry: string | undefined;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: readonly EnvironmentName[];
  readonly calls: readonly FunctionGrant[];
}

/** The functions that AWS needs beside the blueprint's. */
export type PlatformFunctionName =
  /** IoT Core's custom authorizer: from an access token, or none, to a policy for its own topics. */
  | "AuthorizeTopics"
  /** Target of each rule that starts a workflow under a name: EventBridge itself cannot name executions. Input: the event's envelope. */
  | "StartOrderProcessor";

/** Variables that the stacks set from what they made. */
export type EnvironmentName =
  | "USER_POOL_ID"
  | "USER_POOL_CLIENT_ID"
  /** ARN of `OrderProcessorWorkflow`. */
  | "ORDER_PROCESSOR_ARN"
  /** `on` or `off`: whether a name is enough to order. */
  | "GUEST_SIGN_IN"
  /** What CloudFront adds to each call (`api/caller-address.ts`). */
  | "EDGE_KEY";

const table = (name: string, ...actions: readonly TableAction[]): FunctionGrant => ({ kind: "table", table: name, actions });
/** What is under way, then what came of it; what failed is forgotten. A repeat reads the earlier answer. */
const answersOf = ({ platformTable }: Names): FunctionGrant => table(platformTable, "PutItem", "GetItem", "DeleteItem");
/** The same of events counted, as Powertools keeps them. */
const countedOf = ({ platformTable }: Names): FunctionGrant => table(platformTable, "PutItem", "UpdateItem", "DeleteItem");

const small = { memoryMb: 256, timeoutSeconds: 10 } as const;

/** Returns the name in the account of a function of the platform's own. */
export function platformFunctionOf({ bar }: Names, name: PlatformFunctionName): string {
  return physicalName(bar, name);
}

/** Beside the blueprint's. */
const platformFunctionsOf = ({ names }: Blueprint): readonly RuntimeFunction[] => [
  {
    name: platformFunctionOf(names, "AuthorizeTopics"),
    service: "platform",
    description: "says which topics the bearer of an access token may listen to",
    entry: "authorize-topics.ts",
    ...small,
    environment: ["USER_POOL_ID", "USER_POOL_CLIENT_ID"],
    calls: [],
  },
  {
    name: platformFunctionOf(names, "StartOrderProcessor"),
    service: "platform",
    description: "starts the order processor's workflow under the order's id",
    entry: "start-order-processor.ts",
    ...small,
    environment: ["ORDER_PROCESSOR_ARN"],
    calls: [{ kind: "startExecution", workflow: names.orderProcessor }],
  },
];

/** Returns every function that runs in Lambda. */
export function runtimeFunctionsOf(blueprint: Blueprint): readonly RuntimeFunction[] {
  const services = blueprint.functions.map((fn) => ({
    ...fn,
    entry: undefined,
    environment: environmentOf(fn),
    calls: callsOf(fn, blueprint),
  }));
  return [...services, ...platformFunctionsOf(blueprint)];
}

/** Those of the first bar. */
export const runtimeFunctions = runtimeFunctionsOf(blueprint);

/** F3. */
function environmentOf({ kind, uses }: FunctionBlueprint): EnvironmentName[] {
  return [
    ...uses.flatMap((use): EnvironmentName[] => {
      if (use.kind === "identities") return ["USER_POOL_ID", "USER_POOL_CLIENT_ID"];
      return use.kind === "settings" ? ["GUEST_SIGN_IN"] : [];
    }),
    ...(kind === "route" ? (["EDGE_KEY"] as const) : []),
  ];
}

/** Returns the operations of the user pool that sign users of a kind in; a sign-in itself needs no right. */
export function userPoolActionsOf({ of }: Extract<Use, { kind: "identities" }>): readonly string[] {
  return ["AdminCreateUser", "AdminSetUserPassword", ...(of === "device" ? ["AdminAddUserToGroup"] : [])];
}

/** F2. */
function callsOf(fn: FunctionBlueprint, { names, routes }: Blueprint): FunctionGrant[] {
  const counts = fn.uses.some(({ kind }) => kind === "metrics");
  return [...fn.uses, ...(counts ? [countedOf(names)] : []), ...(changesByRoute(fn, routes) ? [answersOf(names)] : [])];
}

/** Returns whether it answers a route that changes something for a caller, who may send an `Idempotency-Key`: a key belongs to its user. */
function changesByRoute({ name }: FunctionBlueprint, routes: Blueprint["routes"]): boolean {
  return routes.some(({ method, who, target }) => method !== "GET" && who !== "public" && "function" in target && target.function === name);
}
