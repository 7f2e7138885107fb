/** Time as a port: nothing else reads the machine's clock. Instants are milliseconds since the epoch, in the system's own time (which `--clock-rate` may run faster). */
export interface Clock {
  /** The present instant. Never goes back while the process runs. */
  nowMs(): number;
  /** Calls `fn` once, at or after `atMs`, never before; at once (next turn) where that has passed. Returns its cancellation. */
  at(atMs: number, fn: () => void): () => void;
}
