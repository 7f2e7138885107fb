import type { RouteSchemas } from "@serverlesspresso/blueprint";
import type { JsonObject, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import type { Call } from "./call.ts";
import type { Allowance } from "./rate-limits.ts";

/** How often one caller may use a route. Staff and operators have an allowance of their own. */
export interface RouteLimit extends Allowance {
  /** Routes of one name share it. */
  readonly name: string;
  readonly per: "user" | "address";
}

/** One route of the gateway. */
export interface Route extends RouteSchemas {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** OpenAPI style: `/orders/{id}`. */
  readonly path: string;
  readonly who: "public" | "signedIn" | "admin" | "operator";
  readonly limit: RouteLimit;
  /** Whether it begins something new, which waits while the disk is almost full. */
  readonly needsRoom?: boolean;
  /** For the audit log: what it will change, where its members' names do not say so. */
  changes?(call: Call): Promise<JsonObject>;
  /** For the audit log: names of what it made, from its answer. */
  made?(answer: JsonValue): JsonObject;
  handle(call: Call): Promise<RouteResponse>;
}
