/** Failures of this package. What an execution can catch is a `StateFailure`; what stops a definition from being used is a `DefinitionError`. */

/** One finding about a definition, as ValidateStateMachineDefinition reports it. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  /** AWS's own, e.g. `SCHEMA_VALIDATION_FAILED`. */
  readonly code: string;
  readonly message: string;
  /** JSON Pointer-like place in the definition, e.g. `/States/Wait/Seconds`. */
  readonly location?: string;
}

/** Thrown by `compile` where a definition cannot be run; AWS's code for CreateStateMachine. */
export class DefinitionError extends Error {
  override readonly name = "InvalidDefinition";
  readonly code = "InvalidDefinition";
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(`Invalid State Machine Definition: '${diagnostics.map(textOf).join(", ")}'`);
    this.diagnostics = diagnostics;
  }
}

/** AWS writes "null" where a finding has no place. */
function textOf({ code, message, location }: Diagnostic): string {
  return `${code}: ${message} at ${location ?? "null"}`;
}

/** How a failure shows in the history: JSONata failures have an event of their own, and a place. */
export interface FailureOptions {
  /** Set for JSONata: the history gets an `EvaluationFailed` with this place (`""`: none). */
  readonly location?: string;
  /** The cause begins with "An error occurred while executing the state ...". */
  readonly inState?: boolean;
}

/** A state's failure with its States Language error name. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";
  readonly error: string | undefined;
  readonly causeText: string | undefined;
  readonly location: string | undefined;
  readonly inState: boolean;
  /** The names by which a Retrier or Catcher may know it beside `error`. */
  readonly alias: string | undefined;
  constructor(error: string | undefined, causeText: string | undefined, options: FailureOptions & { readonly alias?: string } = {}) {
    super(causeText ?? error ?? "");
    this.error = error;
    this.causeText = causeText;
    this.location = options.location;
    this.inState = options.inState ?? false;
    this.alias = options.alias;
  }
}

/** A failure of the definition at run time; no `States.ALL` catches it. */
export function runtimeFailure(cause: string): StateFailure {
  return new StateFailure("States.Runtime", cause, { inState: true });
}

/** A failed JSONata evaluation of the field at `location`. */
export function queryFailure(cause: string, location = ""): StateFailure {
  return new StateFailure("States.QueryEvaluationError", cause, { location, inState: true });
}

/** A failure of an intrinsic function. */
export function intrinsicFailure(cause: string): StateFailure {
  return new StateFailure("States.IntrinsicFailure", cause, { inState: true });
}
