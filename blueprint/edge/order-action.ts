/** The order manager's workflow as the API calls it. */
import type { Problem } from "@serverlesspresso/contract";
import type { Identity, JsonValue, RouteResponse, SyncResult } from "@serverlesspresso/ports";
import { problemResponse, tookTooLong } from "./refusal.ts";

/** The input of `OrderManagerStateMachine`, made by the gateway from `PUT /orders/{id}?action=`. */
interface OrderAction {
  readonly action: string;
  readonly orderId: string;
  /** The token's subject. */
  readonly userId: string;
  readonly isAdmin: boolean;
  /** When the request arrived; stamps the change. */
  readonly nowMs: number;
  readonly body: JsonValue;
}
/** The output of `OrderManagerStateMachine`. */
type OrderVerdict = { readonly statusCode: number; readonly body: JsonValue } | { readonly statusCode: number; readonly problem: Problem };

/** Returns what the workflow receives of a call whose parameters and body have been checked. */
export interface ActionCall {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly body: JsonValue;
  readonly identity: Identity | null;
}

/** The workflow's input. The user is always the token's subject. */
export function orderAction({ pathParameters, queryStringParameters, body, identity }: ActionCall, nowMs: number): OrderAction {
  return {
    action: queryStringParameters.action ?? "",
    orderId: pathParameters.id ?? "",
    userId: identity?.sub ?? "",
    isAdmin: identity?.groups.includes("admin") ?? false,
    nowMs,
    body,
  };
}

/** The workflow's verdict as an answer. @throws {Refusal} 503 where it took too long; an error where it failed */
export function verdictResponse(stateMachineName: string, result: SyncResult, status: number): RouteResponse {
  if (result.status === "TIMED_OUT") throw tookTooLong();
  if (result.status === "FAILED") throw new Error(`${stateMachineName} failed: ${result.error ?? ""}: ${result.cause ?? ""}`);
  const verdict = result.output as unknown as OrderVerdict;
  if ("problem" in verdict) return problemResponse(verdict.problem);
  return { statusCode: verdict.statusCode ?? status, body: verdict.body };
}
