import type { MessagePort } from "node:worker_threads";

/** An evaluation that the main thread sends to a worker; `variables` is JSON text. */
export interface Question {
  readonly id: number;
  readonly expression: string;
  readonly variables: string;
  readonly nowMs: number;
}

/** What an expression comes to; `json` is absent if it gave no value. */
export type Result =
  | { readonly kind: "value"; readonly json?: string }
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly position?: number };

/** The result that a worker sends. */
export type Answer = Result & { readonly id: number };

/** What a worker receives at its start. */
export interface WorkerData {
  readonly port: MessagePort;
}

/** A thread sends this once, when it is ready for questions. */
export interface Ready {
  readonly kind: "ready";
}
