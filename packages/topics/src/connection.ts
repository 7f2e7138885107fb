import type { Client } from "aedes";
import type { WebSocket } from "ws";

/** Who a client is, by its access token. */
export interface ClientIdentity {
  readonly sub: string;
  readonly groups: readonly string[];
  /** When the token ends. */
  readonly expMs: number;
}

/** What one link sends, held against what it and its address may. */
export interface Inbound {
  /** Takes bytes as they come off the network. Returns why they are too many, or undefined. */
  takeBytes(length: number): string | undefined;
  /** One ping of WebSocket. */
  takePing(): string | undefined;
  /** Takes bytes of MQTT. Returns how many packets began in them, or why they are refused. */
  takePackets(bytes: Uint8Array): number | string;
  /** A message goes out: its acknowledgement will come in. */
  expectAcknowledgement(): void;
}

/** What the broker keeps of one link. */
export interface Connection {
  readonly socket: WebSocket;
  /** The broker's own, from the first byte on: a link that says nothing costs no more than its socket. */
  client?: Client;
  readonly inbound: Inbound;
  /** Ends the link, with a reason that is counted. @param atOnce for a client that would not take the reason either */
  cut(reason: string, atOnce?: boolean): void;
  /** Cuts it off for others of its address. */
  makeRoom(): void;
  /** It waits for its CONNECT no longer: it has said it, is cut off, or is gone. */
  said(): void;
  isCut: boolean;
  /** By the network's clock. */
  readonly openedMs: number;
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
