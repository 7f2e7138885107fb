import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/**
 * The response of TestState.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
export interface TestStateResult {
  readonly status: "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
  readonly nextState?: string;
  /** Present at the levels DEBUG and TRACE; its values are JSON texts. */
  readonly inspectionData?: JsonObject;
}
