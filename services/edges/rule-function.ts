/**
 * The edge of a rule's function.
 *
 * R1. An event is parsed by the catalogue's schema before its function sees it. One that does not fit is left alone, and the function's
 *     log says so: a repeat would not fit either.
 */
import { type EventDefinition, EventError, parseEvent, type ReceivedOf } from "@serverlesspresso/contract/events";
import type { FunctionContext, FunctionHandler, JsonValue } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { leave } from "../shared/leave.ts";
import { type Received, readEnvelope } from "./envelope.ts";
import type { FunctionSource } from "./function-source.ts";

type Events = readonly [EventDefinition, ...EventDefinition[]];
/** An event of the catalogue as its function gets it, and with its detail as it came. */
export type RuleEvent<Read extends EventDefinition> = ReceivedOf<Read> & { readonly raw: Received };
type Handle<Event> = (event: Event, context: FunctionContext) => Promise<void>;

/** Makes a rule's function of the event that it reads, or events, and what it does with one. What it throws lets the event come again. */
export function ruleFunction<const Read extends EventDefinition | Events>(
  read: Read,
  handleOf: (deps: Deps) => Handle<RuleEvent<Read extends Events ? Read[number] : Read>>,
): FunctionSource {
  const events: Events = "detailType" in read ? [read] : read;
  return { kind: "rule", events, create: (deps) => handlerOf(events, handleOf(deps)) };
}

/** Makes a rule's function that takes every event, its detail as it comes. */
export function anyEventFunction(handleOf: (deps: Deps) => Handle<Received>): FunctionSource {
  return {
    kind: "rule",
    create(deps) {
      const handle = handleOf(deps);
      return async (event, context) => {
        const received = readEnvelope(event);
        if (received === undefined) return leave(context, "no detail in the event");
        await handle(received, context);
        return undefined;
      };
    },
  };
}

function handlerOf<Read extends EventDefinition>(events: Events, handle: Handle<RuleEvent<Read>>): FunctionHandler {
  return async (event, context) => {
    const [read, why] = readEvent<Read>(events, event);
    if (read === undefined) return leave(context, why);
    await handle(read, context);
    return undefined;
  };
}

function readEvent<Read extends EventDefinition>(events: Events, event: JsonValue): readonly [RuleEvent<Read> | undefined, string] {
  const raw = readEnvelope(event);
  if (raw === undefined) return [undefined, "no detail in the event"];
  try {
    return [{ ...parseEvent(events, event), raw } as RuleEvent<Read>, ""];
  } catch (error) {
    if (error instanceof EventError) return [undefined, error.message];
    throw error;
  }
}
