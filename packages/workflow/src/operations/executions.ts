/** StartExecution and its kin, as on Step Functions' wire. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { typeNotSupported } from "../errors.ts";
import { startSyncExecution } from "../express.ts";
import { childOf } from "../found.ts";
import { inputOf, lastEvent, readHistory } from "../history.ts";
import { expressEnding, mapRunOf } from "../map-children.ts";
import { redrivabilityOf } from "../redrive.ts";
import { targetOf } from "../target.ts";
import { summaryOf } from "./execution-wire.ts";
import { historyEventOf } from "./history-wire.ts";
import { arn, jsonOf, page, reason, seconds, text } from "./request.ts";
import { list, read, wait, write } from "./verbs.ts";

const StartExecution = z.object({ stateMachineArn: arn, name: text.optional(), input: text.optional(), traceHeader: text.optional() });
const StopExecution = z.object({ executionArn: arn, ...reason });
const jsonTexts = ["input"];
const clientToken = text
  .min(1)
  .max(64)
  .regex(/^[!-~]+$/);
const RedriveExecution = z.object({ executionArn: arn, clientToken: clientToken.optional() });
const DescribeExecution = z.object({ executionArn: arn, includedData: z.enum(["ALL_DATA", "METADATA_ONLY"]).optional() });
const GetExecutionHistory = z.object({
  executionArn: arn,
  includeExecutionData: z.boolean().optional(),
  reverseOrder: z.boolean().optional(),
  ...page,
});

/** Those that start, stop, redrive and describe executions. */
export const executionOperations = {
  StartExecution: write(
    StartExecution,
    ({ engine, executions }, tx, { stateMachineArn, name, input = "{}" }) => {
      const { executionArn, startMs } = executions.start(tx, {
        target: targetOf(engine, tx, stateMachineArn),
        ...(name !== undefined && { name }),
        input: jsonOf(input, "InvalidExecutionInput"),
      });
      return { executionArn, startDate: seconds(startMs) };
    },
    { jsonTexts, optimized: { request: nestedStart } },
  ),
  StartSyncExecution: wait(StartExecution, ({ engine, executions }, request) => startSyncExecution(engine, executions, request), {
    jsonTexts,
  }),
  RedriveExecution: write(RedriveExecution, ({ executions }, tx, { executionArn, clientToken }) => ({
    redriveDate: seconds(executions.redrive(tx, executionArn, clientToken)),
  })),
  StopExecution: write(StopExecution, ({ executions }, tx, { executionArn, error, cause }) => {
    const stopMs = executions.stop(tx, executionArn, { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
    return { stopDate: seconds(stopMs) };
  }),
  DescribeExecution: read(DescribeExecution, ({ engine, executions }, view, { executionArn, includedData }) => {
    const found = executions.find(view, executionArn);
    const withData = includedData !== "METADATA_ONLY";
    const running = "running" in found ? found.running : undefined;
    const child = childOf(found);
    const input = child?.express ? child.express.input : inputOf(view, found.id, running);
    const run = child && mapRunOf(view, child);
    return {
      ...summaryOf(engine, found, run),
      ...(run && { mapRunArn: run.report.mapRunArn }),
      ...redrivabilityOf(engine, view, found),
      ...(withData && { input: JSON.stringify(input), inputDetails: { included: true } }),
      ...(running === undefined && endingOf(child?.express ? expressEnding(child) : (lastEvent(view, found.id)?.details ?? {}), withData)),
    };
  }),
  GetExecutionHistory: list(GetExecutionHistory, ({ executions }, view, request, { limit, after, next }) => {
    const { executionArn, includeExecutionData = true, reverseOrder = false } = request;
    const found = executions.find(view, executionArn);
    if (childOf(found)?.express) throw typeNotSupported();
    const lastId = after(z.number());
    const events = readHistory(view, found.id, {
      limit: limit + 1,
      reverse: reverseOrder,
      ...(lastId !== undefined && { after: lastId }),
    });
    const shown = events.slice(0, limit);
    return {
      events: shown.map((event) => historyEventOf(event, includeExecutionData)),
      ...next(events.length > limit ? shown.at(-1)?.id : undefined),
    };
  }),
};

/** Returns the request of a state that starts an execution: its input is a value or its text, and a state may leave it out. */
export function nestedStart({ StateMachineArn, Name, Input }: JsonObject): JsonObject {
  return { StateMachineArn: StateMachineArn ?? "", ...(Name !== undefined && { Name }), Input: Input ?? {} };
}

function endingOf({ output, error, cause }: JsonObject, withData: boolean): JsonObject {
  return {
    ...(output !== undefined && withData && { output: JSON.stringify(output), outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}
