import type { JsonValue } from "./json.ts";

/** Who calls: the verified claims of an access token. `sub` is the user's id, `groups` their groups (`admin`). */
export interface Identity {
  readonly sub: string;
  readonly groups: readonly string[];
  readonly name?: string;
}
/** A request as a route's function gets it. The gateway has checked path, query and body against the route's schemas, and the caller's right to call it. */
export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly queryStringParameters: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, `{}` where there was none. */
  readonly body: JsonValue;
  readonly identity: Identity | null;
}
/** What a route's function answers. A status of 400 or more carries a `Problem` as its body. */
export interface RouteResponse {
  readonly statusCode: number;
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}
/** RFC 9457. `errors` names each fault where there can be several. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}
/** The input of `OrderManagerStateMachine`, made by the gateway from `PUT /orders/{id}?action=`. */
export interface OrderAction {
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
export type OrderVerdict =
  | { readonly statusCode: number; readonly body: JsonValue }
  | { readonly statusCode: number; readonly problem: Problem };
