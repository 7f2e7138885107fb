/**
 * The path an execution took, read from its history.
 *
 * H1. States stand in the order in which they were entered, those of a branch or iteration within it.
 * H2. A history event continues the one it names as previous; where that one stood deeper, its state's own place decides.
 * H3. What runs within a distributed Map has no events in the history and so no steps here.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import type { HistoryEvent, Machine } from "@serverlesspresso/states-language";
import { type Place, placesOf } from "./places.ts";

export interface Step {
  readonly state: string;
  readonly type: string;
  /** Since the execution's start. */
  readonly atSeconds: number;
  readonly input: JsonValue;
  /** Absent where the state failed, was aborted or still waits. */
  output?: JsonValue;
  /** Calls of a task; runs of a Map or Parallel state. */
  attempts: Attempt[];
  /** A failure of the state itself, such as that of an expression. */
  failure?: Failure;
  aborted?: true;
}

export interface Attempt {
  readonly atSeconds: number;
  readonly resource?: string;
  readonly parameters?: JsonValue;
  result?: JsonValue;
  failure?: Failure;
  /** Branches or iterations. */
  children?: Child[];
}

export interface Child {
  readonly index: number;
  readonly steps: Step[];
}

export interface Failure {
  readonly error: string;
  readonly cause?: string;
}

/** A sequence of states: the machine's own, a branch's, an iteration's. */
interface Frame {
  readonly steps: Step[];
  readonly parent?: Frame;
  readonly container?: string;
  readonly index?: number;
}

export function stepsOf(machine: Machine, events: readonly HistoryEvent[], startMs: number): Step[] {
  const places = placesOf(machine);
  const root: Frame = { steps: [] };
  const frames = new Map<number, Frame>();
  for (const event of events) {
    const frame = frameOf(event, frames.get(event.previousEventId) ?? root, places);
    frames.set(event.id, frame);
    note(event, frame, (event.timestampMs - startMs) / 1_000);
  }
  return root.steps;
}

/** Where the event belongs, given where the one before it stood (H2). */
function frameOf({ type, details }: HistoryEvent, before: Frame, places: ReadonlyMap<string, Place>): Frame {
  const name = details?.name as string | undefined;
  const place = name === undefined ? undefined : places.get(name);
  if (type.endsWith("StateEntered")) return entered(before, place);
  if (place !== undefined) {
    const home = climb(before, ({ container, steps }) => container === place.container && steps.at(-1)?.state === name);
    return type === "MapIterationStarted" ? child(home, name as string, details?.index as number) : home;
  }
  const about = /^(Map|Parallel)State(Started|Succeeded|Failed)$/.exec(type);
  if (about === null) return before;
  // The nearest that is not over. A retry begins anew without a word on how the run before it ended.
  return climb(before, ({ steps }) => steps.at(-1)?.type === about[1] && steps.at(-1)?.attempts.at(-1)?.failure === undefined);
}

/** The first state of a branch follows the start of its Parallel state; any other the end of one in its own sequence. */
function entered(before: Frame, { container, branch }: Partial<Place> = {}): Frame {
  return branch !== undefined && before.steps.at(-1)?.state === container ? child(before, container as string, branch) : before;
}

function climb(from: Frame, fits: (frame: Frame) => boolean): Frame {
  for (let frame: Frame | undefined = from; frame; frame = frame.parent) if (fits(frame)) return frame;
  return from;
}

function child(parent: Frame, container: string, index: number): Frame {
  const steps: Step[] = [];
  const attempt = parent.steps.at(-1)?.attempts.at(-1);
  if (attempt !== undefined) (attempt.children ??= []).push({ index, steps });
  return { steps, parent, container, index };
}

function note({ type, details = {} }: HistoryEvent, { steps }: Frame, atSeconds: number): void {
  const step = steps.at(-1);
  const attempt = step?.attempts.at(-1);
  const what = /(StateEntered|StateExited|StateStarted|StateAborted|Scheduled|Succeeded|Failed|TimedOut)$/.exec(type)?.[1];
  if (what === "StateEntered") {
    const { name, input = null } = details as { name: string; input?: JsonValue };
    steps.push({ state: name, type: type.slice(0, -"StateEntered".length), atSeconds, input, attempts: [] });
  } else if (step === undefined || type.startsWith("Execution") || type.startsWith("MapIteration")) return;
  else if (what === "StateExited") step.output = details.output ?? null;
  else if (what === "StateStarted") {
    if (attempt !== undefined) attempt.failure ??= failureOf({});
    step.attempts.push({ atSeconds });
  } else if (what === "StateAborted") step.aborted = true;
  else if (what === "Scheduled") step.attempts.push({ atSeconds, ...requestOf(details) });
  else if (type === "EvaluationFailed") step.failure = failureOf(details);
  else if (attempt === undefined) return;
  else if (what === "Succeeded" && details.output !== undefined) attempt.result = details.output;
  else if (what === "Failed" || what === "TimedOut") attempt.failure ??= failureOf(details);
}

function requestOf(details: NonNullable<HistoryEvent["details"]>): Pick<Attempt, "resource" | "parameters"> {
  const { resourceType, resource, parameters, input } = details;
  return {
    resource: resourceType === undefined ? String(resource) : `${String(resourceType)}:${String(resource)}`,
    parameters: parameters ?? input ?? null,
  };
}

function failureOf({ error = "", cause }: NonNullable<HistoryEvent["details"]>): Failure {
  return { error: String(error), ...(cause !== undefined && { cause: String(cause) }) };
}
