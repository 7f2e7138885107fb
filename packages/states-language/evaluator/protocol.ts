import type { MessagePort } from "node:worker_threads";

/** What the main thread asks of a worker; `variables` is JSON text. */
export interface Question {
  readonly id: number;
  readonly expression: string;
  readonly variables: string;
  readonly nowMs: number;
}

/** What a worker answers; `json` is absent where the expression gave nothing. */
export type Answer =
  | { readonly id: number; readonly kind: "value"; readonly json?: string }
  | { readonly id: number; readonly kind: "error"; readonly code: string; readonly message: string; readonly position?: number };

/** What a worker is born with. `signal[0]` holds the id of the newest answer. */
export interface WorkerData {
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** Told once, when a thread can take questions. */
export interface Ready {
  readonly kind: "ready";
}
