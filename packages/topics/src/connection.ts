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
  readonly inbound: Inbound;
  /** Sends a frame. A slow client's lies in its own socket; beyond the limits that client is cut off, so it holds up no other (M6). */
  send(frame: Buffer): void;
  /** Ends the link in good order. */
  end(): void;
  /** Whether the link has ended, or is about to: what it sends is not looked at. */
  isOver(): boolean;
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
  /** By the network's clock; refreshed by packets of MQTT alone. */
  packetMs: number;
  /** The keep-alive that its client asked for, where it is the client's to keep; 0 without one. */
  keepAliveSeconds: number;
  /** By which the broker knows its client, once it is admitted. */
  clientId?: string;
  /** Undefined for a client without a token. */
  identity?: ClientIdentity;
  token?: string;
  checkedMs: number;
  readonly topics: Set<string>;
}
