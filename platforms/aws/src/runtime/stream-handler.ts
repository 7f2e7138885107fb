import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { FunctionHandler, JsonValue } from "@serverlesspresso/ports";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { LambdaHandler } from "./event-handler.ts";
import { contextOf, logger } from "./log.ts";

/**
 * Serves a table's stream, record by record and in order. The answer names the record at which Lambda has to begin again;
 * those before it are done.
 */
export function streamHandler(handle: FunctionHandler): LambdaHandler<DynamoDBStreamEvent, DynamoDBBatchResponse> {
  const processor = new BatchProcessor(EventType.DynamoDBStreams);
  return async (event, context) => {
    const functionContext = contextOf(context);
    let hasFailed = false;
    async function one(record: DynamoDBRecord): Promise<void> {
      // What comes after a failure comes again with it: done now, it would be done out of order.
      if (hasFailed) throw new Error("a record before this one failed");
      try {
        await handle({ Records: [record] } as unknown as JsonValue, functionContext);
      } catch (error) {
        hasFailed = true;
        logger.error("a record failed", error as Error);
        throw error;
      }
    }
    return processPartialResponse(event, one, processor, { context, processInParallel: false, throwOnFullBatchFailure: false });
  };
}
