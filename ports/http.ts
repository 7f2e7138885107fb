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
  /** The parsed JSON, `{}` for a request without a body. */
  readonly body: JsonValue;
  readonly identity: Identity | null;
  /** The address that the caller's connection comes from. */
  readonly address: string;
  /** What stands after `Bearer`, for a route that takes a device's secret there; a token never reaches a function. */
  readonly bearer?: string;
}
/** What a route's function answers. A status of 400 or more carries a problem (RFC 9457) as its body. */
export interface RouteResponse {
  readonly statusCode: number;
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
}
