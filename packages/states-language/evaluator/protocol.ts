import type { MessagePort } from "node:worker_threads";

/** An evaluation that the main thread sends to a worker; `variables` is JSON text. */
export interface Question {
  readonly id: number;
  readonly expression: string;
  readonly variables: string;
  readonly nowMs: number;
}

/** The result that a worker sends; `json` is absent if the expression gave no value. */
export type Answer =
  | { readonly id: number; readonly kind: "value"; readonly json?: string }
  | { readonly id: number; readonly kind: "error"; readonly code: string; readonly message: string; readonly position?: number };

/** What a worker receives at its start. `signal[0]` has the id of the newest answer. */
export interface WorkerData {
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** A thread sends this once, when it is ready for questions. */
export interface Ready {
  readonly kind: "ready";
}
