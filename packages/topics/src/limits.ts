/** What one client may take up. Bytes, counts and seconds. */
export interface BrokerLimits {
  /** The longest MQTT packet a client may send, header included. */
  readonly maxPacketBytes: number;
  readonly maxSubscriptions: number;
  /** What may wait for one client before it is cut off. */
  readonly maxQueuedBytes: number;
  readonly maxQueuedMessages: number;
  /** Time from the connection to CONNECT. */
  readonly connectSeconds: number;
  /** The longest keep-alive; a link silent for one and a half times as long is dead. */
  readonly keepAliveSeconds: number;
  readonly maxConnections: number;
  readonly maxClientIdLength: number;
}

/** For a shop's phones, tablets and displays. */
export const defaultLimits: BrokerLimits = {
  maxPacketBytes: 16 * 1024,
  maxSubscriptions: 16,
  maxQueuedBytes: 1024 * 1024,
  maxQueuedMessages: 200,
  connectSeconds: 10,
  keepAliveSeconds: 30,
  maxConnections: 10_000,
  maxClientIdLength: 128,
};
