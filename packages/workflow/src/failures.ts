import { StoreError } from "@serverlesspresso/store";
import { TaskError } from "./errors.ts";

/** True where the store itself is out of order, so that nothing can be recorded, a failure neither. */
export function isStoreFailure(error: unknown): boolean {
  return error instanceof StoreError && error.code !== "Misuse";
}

/** How a thrown error reads to Retry and Catch. */
export function taskFailureOf(error: unknown): { readonly error: string; readonly cause: string; readonly expected: boolean } {
  if (error instanceof TaskError) return { error: error.error, cause: error.cause, expected: true };
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (typeof code === "string" && /^[A-Z][A-Za-z.]+$/.test(code)) return { error: code, cause: message ?? "", expected: true };
  return { error: "States.TaskFailed", cause: message ?? String(error), expected: false };
}
