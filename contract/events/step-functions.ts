/** @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
import { z } from "zod";
import { defineEvent } from "./define-event.ts";

/** Emitted by AWS on the default bus. */
export const ExecutionStatusChange = defineEvent({
  source: "aws.states",
  detailType: "Step Functions Execution Status Change",
  sentence: "An execution began, ended or was redriven.",
  emittedBy: ["AWS Step Functions"],
  detail: {
    executionArn: z.string().default(""),
    stateMachineArn: z.string().default(""),
    /** The execution's. */
    name: z.string().default(""),
    /** `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`. */
    status: z.string().default(""),
    /** JSON text; null where it is too long for an event. */
    input: z.string().nullable().default(null),
    output: z.string().nullable().default(null),
    error: z.string().nullable().default(null),
    cause: z.string().nullable().default(null),
  },
});
