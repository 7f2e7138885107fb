/** Errors of this package: a `StateFailure` fails a state, a `DefinitionError` refuses a definition. */

/** One finding about a definition, as ValidateStateMachineDefinition reports it. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  /** AWS's code, for example `SCHEMA_VALIDATION_FAILED`. */
  readonly code: string;
  readonly message: string;
  /** The place in the definition, similar to a JSON Pointer, for example `/States/Wait/Seconds`. */
  readonly location?: string;
}

/** `compile` throws this for a definition that cannot run; the code is AWS's for CreateStateMachine. */
export class DefinitionError extends Error {
  override readonly name = "InvalidDefinition";
  readonly code = "InvalidDefinition";
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(`Invalid State Machine Definition: '${diagnostics.map(textOf).join(", ")}'`);
    this.diagnostics = diagnostics;
  }
}

/** Returns the message as AWS writes it, with "null" for a finding without a place. */
function textOf({ code, message, location }: Diagnostic): string {
  return `${code}: ${message} at ${location ?? "null"}`;
}

/** How a failure appears in the history: a JSONata failure has its own event, with a place. */
export interface FailureOptions {
  /** Set for JSONata: the history gets an `EvaluationFailed` event with this place; `""` stands for no place. */
  readonly location?: string;
  /** The cause begins with "An error occurred while executing the state ...". */
  readonly inState?: boolean;
}

/** A state failed. `error` is the error name of the States Language. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";
  readonly error: string | undefined;
  readonly causeText: string | undefined;
  readonly location: string | undefined;
  readonly inState: boolean;
  /** Another name by which a retrier or catcher may match it. */
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

/** Returns the failure `States.Runtime`, which no retrier or catcher handles, not even with `States.ALL`. */
export function runtimeFailure(cause: string): StateFailure {
  return new StateFailure("States.Runtime", cause, { inState: true });
}

/** Returns the failure of a JSONata evaluation of the field at `location`. */
export function queryFailure(cause: string, location = ""): StateFailure {
  return new StateFailure("States.QueryEvaluationError", cause, { location, inState: true });
}

/** Returns the failure of an intrinsic function. */
export function intrinsicFailure(cause: string): StateFailure {
  return new StateFailure("States.IntrinsicFailure", cause, { inState: true });
}
