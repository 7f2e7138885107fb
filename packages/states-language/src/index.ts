export { compile, compileAccepted } from "./compile.ts";
export { resume, start } from "./decide.ts";
export {
  type Action,
  type ChildReport,
  type Decision,
  type Environment,
  type Evaluation,
  EvaluationPending,
  type HistoryEvent,
  type MapRunCounts,
  type MapRunReport,
  type Outcome,
  type Stimulus,
  type TaskResource,
} from "./decision.ts";
export { DefinitionError, type Diagnostic } from "./errors.ts";
export type { ExecutionContext, ExecutionState, WaitId } from "./execution-state.ts";
export { levelsOf, mostLevels } from "./json-levels.ts";
export { lambdaEvent } from "./lambda-event.ts";
export type { Machine } from "./machine.ts";
export { type ItemReaderConfig, ItemsError, readerItems } from "./reader-items.ts";
export { type Reaction, type Simulation, simulate } from "./simulate.ts";
export { joinState, type SplitState, splitState } from "./state-parts.ts";
export { decodeState } from "./stored-state/decode.ts";
export { encodeState } from "./stored-state/encode.ts";
export type { StoredState } from "./stored-state/form.ts";
export { TestStateError, type TestStateRequest } from "./test-state/request.ts";
export type { TestStateResult } from "./test-state/result.ts";
export { type TaskResult, type TestStateAnswer, type TestStateOptions, testState } from "./test-state/test-state.ts";
export { diagnoseDefinitionText } from "./validation/diagnose.ts";
export { refuseErrors, validateDefinition, validateDefinitionText } from "./validation/validate.ts";
