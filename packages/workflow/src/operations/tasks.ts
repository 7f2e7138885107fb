/** Step Functions' operations with task tokens. */
import { z } from "zod";
import { jsonOf, reason, text } from "./request.ts";
import { write } from "./verbs.ts";

const taskToken = text.min(1).max(2_048);

/** Those that answer tasks that wait. */
export const taskOperations = {
  SendTaskSuccess: write(
    z.object({ taskToken, output: text }),
    ({ executions }, tx, request) => {
      const output = jsonOf(request.output, "InvalidOutput");
      executions.answer(tx, request.taskToken, (wait) => ({ kind: "taskSucceeded", wait, output }));
      return {};
    },
    { jsonTexts: ["output"] },
  ),
  SendTaskFailure: write(z.object({ taskToken, ...reason }), ({ executions }, tx, { taskToken: token, error = "", cause = "" }) => {
    executions.answer(tx, token, (wait) => ({ kind: "taskFailed", wait, error, cause }));
    return {};
  }),
  SendTaskHeartbeat: write(
    z.object({ taskToken }),
    ({ executions }, tx, request) => {
      executions.heartbeat(tx, request.taskToken);
      return {};
    },
    { isStreaming: true },
  ),
};
