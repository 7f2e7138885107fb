import type { WebSocket } from "ws";

/** Who a client is, by its access token. */
export interface ClientIdentity {
  readonly sub: string;
  readonly groups: readonly string[];
  /** When the token ends. */
  readonly expMs: number;
}

/** What the broker keeps of one link. */
export interface Connection {
  readonly socket: WebSocket;
  /** By the network's clock; refreshed by whatever comes in, a pong included. */
  heardMs: number;
  /** Undefined for a client without a token. */
  identity?: ClientIdentity;
  token?: string;
  checkedMs: number;
  readonly topics: Set<string>;
  /** Why CONNECT is to be refused. */
  refusal?: string;
}
