import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** How the tested state went. */
export interface TestStateResult {
  readonly status: "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
  readonly nextState?: string;
  /** At levels DEBUG and TRACE; JSON texts as values. */
  readonly inspectionData?: JsonObject;
}
