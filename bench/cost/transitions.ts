import type { JsonObject } from "@serverlesspresso/ports";
import type { Platform } from "../../platforms/local/src/platform.ts";

/** A state that an execution entered, and how often its task was tried. */
export interface Step {
  readonly state: string;
  readonly tries: number;
}

/** The steps of an order's workflow, from its history. AWS bills each, and each retry again. */
export function stepsOf(platform: Platform, orderId: string): Step[] {
  const request = {
    executionArn: `arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:${orderId}`,
    maxResults: 1000,
  };
  const { events } = platform.workflows.query(platform.store, "GetExecutionHistory", request) as unknown as {
    readonly events: JsonObject[];
  };
  const steps: { state: string; tries: number }[] = [];
  for (const { type, stateEnteredEventDetails } of events) {
    if (stateEnteredEventDetails !== undefined)
      steps.push({ state: String((stateEnteredEventDetails as JsonObject).name), tries: String(type).startsWith("Task") ? 0 : 1 });
    const step = steps.at(-1);
    if (type === "TaskScheduled" && step !== undefined) step.tries += 1;
  }
  return steps;
}
