import type { JsonValue } from "@serverlesspresso/ports";

/** The bearer of an access token. */
export interface Caller {
  readonly sub: string;
  readonly groups: readonly string[];
  readonly isAdmin: boolean;
  /** The token, for the user pool's own calls. */
  readonly token: string;
}

/** A request as a route's handler gets it: who calls, and what its schemas have let through. */
export interface Call {
  readonly caller: Caller | undefined;
  readonly address: string;
  /** Scheme and host by which the caller reached us, without a slash at the end. */
  readonly origin: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: JsonValue | undefined;
  readonly headers: Headers;
}

export interface Answer {
  readonly status: number;
  /** Goes out as JSON; left out, the answer is empty. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
