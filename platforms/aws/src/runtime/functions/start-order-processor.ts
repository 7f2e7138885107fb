/** Target of the rule `NewOrder`: EventBridge cannot name an execution, so this does, after what the event is about. */
import { executionName } from "@serverlesspresso/blueprint/execution-name.ts";
import { service as orderProcessor } from "@serverlesspresso/services/order-processor/service.ts";
import { declarationOf } from "../base.ts";
import { eventHandler } from "../event-handler.ts";
import { states } from "../wiring/states.ts";

const target = declarationOf(orderProcessor)
  .rules?.map(({ target }) => target)
  .find((one) => "workflow" in one);
if (target === undefined) throw new RangeError("the order processor has no rule that starts a workflow");
const { workflow: stateMachineName, executionNamePath } = target;

/** Starts one execution of the order processor for each event. */
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
