/** Target of the rule `NewOrder`: EventBridge cannot name an execution, so this does, after what the event is about. */
import { executionName } from "@serverlesspresso/blueprint/execution-name.ts";
import { rules } from "@serverlesspresso/blueprint/rules.ts";
import { eventHandler } from "../event-handler.ts";
import { states } from "../wiring/states.ts";

const target = rules.flatMap(({ targets }) => targets).find(({ kind }) => kind === "workflow");
if (target?.kind !== "workflow") throw new RangeError("the blueprint has no rule that starts a workflow");
const { name: stateMachineName, executionNamePath } = target;

export const handler = eventHandler(async (event) => {
  const name = executionName(event, executionNamePath);
  try {
    await states.startExecution({ stateMachineName, input: event, ...(name !== undefined && { name }) });
  } catch (error) {
    // A repeated event starts nothing.
    if ((error as Error).name !== "ExecutionAlreadyExists") throw error;
  }
  return undefined;
});
