/** `states:startExecution.sync` and `.sync:2`: executions whose end is the result of the task that starts them. */
import type { Integration, Integrations } from "../integration.ts";
import { nestedStart } from "../operations/executions.ts";
import { optimizedStepFunctions } from "../service.ts";
import type { Workflows } from "../workflows.ts";
import { createSdkForm } from "./sdk-form.ts";
import { createTaskErrors, optimizedNames } from "./task-errors.ts";

/** Returns the registry's entries for executions that start others and wait for their ends; `.sync:2` has their outputs as values. */
export function childExecutionIntegrations(workflows: Workflows, requestId: () => string): Integrations {
  const errors = createTaskErrors(requestId);
  const names = optimizedNames(workflows.service, optimizedStepFunctions);
  const form = createSdkForm(workflows.service, "StartExecution");
  const startChild = (isParsed: boolean): Integration =>
    errors.transactional(names, (tx, parameters, { reference }) =>
      form.answer(workflows.startChild(tx, form.request(nestedStart(parameters)), reference, isParsed)),
    );
  return { "states:startExecution.sync": startChild(false), "states:startExecution.sync:2": startChild(true) };
}
