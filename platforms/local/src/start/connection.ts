/** What an engine calls of the others: given to it once all of them are made (`platform.ts`, P4 and P5). */

/** `NotConnected`: called too early. `AlreadyConnected`: connected a second time, which would change what others rely on. */
export type ConnectionErrorCode = "NotConnected" | "AlreadyConnected";

/** A start that breaks the order of its phases: a fault of the program, not of its input. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ConnectionErrorCode;
  constructor(code: ConnectionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The calls of one engine to others. */
export interface Connection<Calls> {
  /** Returns what the engine calls. @throws {ConnectionError} `NotConnected` before `connect` */
  calls(): Calls;
  /** Gives the engine what it calls, once. @throws {ConnectionError} `AlreadyConnected` */
  connect(calls: Calls): void;
}

/** Returns a connection that is still open-ended. @param owner names the engine that calls, for errors */
export function createConnection<Calls>(owner: string): Connection<Calls> {
  let connected: { readonly calls: Calls } | undefined;
  return {
    calls() {
      if (connected === undefined)
        throw new ConnectionError("NotConnected", `"${owner}" was called before it was connected to what it calls`);
      return connected.calls;
    },
    connect(calls) {
      if (connected !== undefined) throw new ConnectionError("AlreadyConnected", `"${owner}" is connected already`);
      connected = { calls };
    },
  };
}
