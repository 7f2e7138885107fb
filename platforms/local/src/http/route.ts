import type { z } from "zod";
import type { Answer, Call } from "./call.ts";
import type { Allowance } from "./rate-limits.ts";

/** How often one caller may use a route. Callers of the group `admin` have an allowance of their own. */
export interface RouteLimit extends Allowance {
  /** Routes of one name share it. */
  readonly name: string;
  readonly per: "user" | "address";
}

/** One route of the gateway. */
export interface Route {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** OpenAPI style: `/orders/{id}`. */
  readonly path: string;
  readonly who: "public" | "signedIn" | "admin";
  readonly limit: RouteLimit;
  readonly pathParameters?: z.ZodType | undefined;
  readonly query?: z.ZodType | undefined;
  readonly body?: z.ZodType | undefined;
  handle(call: Call): Promise<Answer>;
}
