import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type {
  Decision,
  Diagnostic,
  Environment,
  Evaluation,
  ExecutionContext,
  ExecutionState,
  Machine,
  Stimulus,
} from "@serverlesspresso/states-language";

/** The pure core as the engine uses it; tests put one in its place that errs. */
export interface Core {
  /** What is found in a definition before it is taken. */
  diagnoseDefinitionText(definitionText: string): readonly Diagnostic[];
  /** Of a definition that was taken, by an earlier release perhaps. */
  compileAccepted(definition: JsonValue): Machine;
  start(
    machine: Machine,
    request: { readonly input: JsonValue; readonly context: ExecutionContext; readonly started?: JsonObject },
    env: Environment,
  ): Decision;
  resume(machine: Machine, state: ExecutionState, stimulus: Stimulus, env: Environment): Decision;
}

/** Evaluates JSONata: at once where that can be, else later. */
export interface Evaluator {
  evaluateNow(expression: string, variables: { readonly [key: string]: JsonValue }): Evaluation;
  /** @param owner the asker's name: waiting expressions are evaluated in turns, one of each owner */
  evaluate(expression: string, variables: { readonly [key: string]: JsonValue }, owner: string): Promise<Evaluation>;
}
