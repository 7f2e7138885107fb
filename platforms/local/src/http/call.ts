import type { Identity, RouteRequest } from "@serverlesspresso/ports";

/** The bearer of an access token. */
export interface Caller extends Identity {
  readonly isAdmin: boolean;
  readonly isOperator: boolean;
  /** The token, for the user pool's own calls. */
  readonly token: string;
}

/** A request as a route's handler gets it. */
export interface Call extends RouteRequest {
  readonly identity: Caller | null;
  readonly address: string;
  /** Scheme, host and path before our own by which the caller reached us, without a slash at the end. */
  readonly origin: string;
}
