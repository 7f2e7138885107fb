/** Step Functions, as its callers meet it. */
import { type AwsService, defineAwsService, type OptimizedNames } from "@serverlesspresso/aws-service";
import { invalidPage, refusal } from "./errors.ts";
import { activityOperations } from "./operations/activities.ts";
import { aliasOperations } from "./operations/aliases.ts";
import { executionListOperations } from "./operations/execution-lists.ts";
import { executionOperations } from "./operations/executions.ts";
import { mapRunOperations } from "./operations/map-runs.ts";
import { descriptionOperations } from "./operations/state-machine-descriptions.ts";
import { stateMachineOperations } from "./operations/state-machines.ts";
import { tagOperations } from "./operations/tags.ts";
import { taskOperations } from "./operations/tasks.ts";
import { testStateOperations } from "./operations/test-state.ts";
import type { WorkflowCore } from "./operations/verbs.ts";
import { versionOperations } from "./operations/versions.ts";

/** How states name Step Functions where they start executions: `states:startExecution`. */
export const optimizedStepFunctions: OptimizedNames = {
  service: "states",
  errors: "StepFunctions",
  client: "AWSStepFunctions",
  unmodelled: "AWSStepFunctionsException",
};

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export const stepFunctions: AwsService<WorkflowCore> = defineAwsService({
  name: "Step Functions",
  target: "AWSStepFunctions",
  signingNames: ["states"],
  sdk: { service: "sfn", errors: "Sfn" },
  optimized: optimizedStepFunctions,
  protocol: "json-1.0",
  isCamelCase: true,
  // A definition may have 1 MiB; within JSON it is longer.
  mostBytes: 4 * 1024 * 1024,
  instants: ["creationDate", "redriveDate", "startDate", "stopDate", "timestamp", "updateDate"],
  errors: {
    invalid: refusal,
    statuses: { ConflictException: 409, ServiceQuotaExceededException: 402 },
    modelled: ["ValidationException"],
  },
  paging: { token: "nextToken", limit: "maxResults", most: 100, refuse: invalidPage },
  operations: {
    ...stateMachineOperations,
    ...descriptionOperations,
    ...versionOperations,
    ...aliasOperations,
    ...tagOperations,
    ...executionOperations,
    ...executionListOperations,
    ...taskOperations,
    ...mapRunOperations,
    ...activityOperations,
    ...testStateOperations,
  },
});
