import { Logger } from "@aws-lambda-powertools/logger";
import type { FunctionContext, JsonValue } from "@serverlesspresso/ports";
import type { Context } from "aws-lambda";

/** Structured lines with function, request and trace; `LOG_LEVEL` and `POWERTOOLS_SERVICE_NAME` rule it. */
export const logger = new Logger();

/** Lambda's context as services know it. */
export function contextOf(context: Context): FunctionContext {
  logger.addContext(context);
  return {
    functionName: context.functionName,
    awsRequestId: context.awsRequestId,
    log: (line: string | JsonValue) => (typeof line === "string" ? logger.info(line) : logger.info("note", { note: line })),
  };
}
