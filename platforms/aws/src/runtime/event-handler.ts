import type { FunctionHandler, JsonValue } from "@serverlesspresso/ports";
import type { Context } from "aws-lambda";
import { contextOf, logger } from "./log.ts";

/** A function as Lambda calls it. */
export type LambdaHandler<Event = JsonValue, Answer = JsonValue | undefined> = (event: Event, context: Context) => Promise<Answer>;

/**
 * Serves what is called with its event as it is: by a rule (the envelope), a workflow, a queue (`Records`, answered by the
 * messages that failed), or by hand. It logs what it throws; its caller repeats the call, or keeps the event.
 */
export function eventHandler(handle: FunctionHandler): LambdaHandler {
  return async (event, context) => {
    try {
      return await handle(event, contextOf(context));
    } catch (error) {
      logger.error("failed", error as Error);
      throw error;
    }
  };
}
