import type { Deps } from "../shared/deps.ts";
import { orderFinished } from "./order-finished.ts";
import { orderTimedOut } from "./order-timed-out.ts";
import { orderWorkflowEnded } from "./order-workflow-ended.ts";
import { waitingCompletion } from "./waiting-completion.ts";
import { workflowStarted } from "./workflow-started.ts";

/** The order processor: what happens beside its workflow. */
export function createOrderProcessor(deps: Deps) {
  return {
    WorkflowStarted: workflowStarted(deps),
    WaitingCompletion: waitingCompletion(deps),
    OrderTimedOut: orderTimedOut(deps),
    OrderFinished: orderFinished(deps),
    OrderWorkflowEnded: orderWorkflowEnded(deps),
  };
}
