export type { Evaluator } from "./core.ts";
export type { ExpressLog, MapRunResults, StatusChange, WorkflowDeps } from "./engine.ts";
export { TaskError, WorkflowError } from "./errors.ts";
export type { FunctionResult, Integration, Integrations, InvokeFunction, TaskCall, TaskReference } from "./integration.ts";
export type { MachineType } from "./records.ts";
export type { PutStateMachine } from "./state-machines.ts";
export { workflowIntegrations } from "./workflow-integrations.ts";
export { createWorkflows, type Workflows } from "./workflows.ts";
