/**
 * The edge of a queue's function: each message holds an event.
 *
 * R2. A message that is no event that the function reads goes back alone, and at last to the dead letters; so does one that its function names.
 */
import { type EventDefinition, EventError, parseEvent, type ReceivedOf } from "@serverlesspresso/contract/events";
import type { FunctionHandler } from "@serverlesspresso/ports";
import { z } from "zod";
import type { Deps } from "../shared/deps.ts";
import { parseJson } from "../shared/json.ts";
import type { FunctionSource } from "./function-source.ts";

type Events = readonly [EventDefinition, ...EventDefinition[]];
/** A message and the event in it. */
export interface Message<Read extends EventDefinition> {
  readonly messageId: string;
  readonly event: ReceivedOf<Read>;
}
/** Handles a batch. Resolves with the ids of messages that failed; what it throws lets the whole batch come again. */
type Handle<Read extends EventDefinition> = (messages: readonly Message<Read>[]) => Promise<readonly string[]>;

const Batch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

/** Makes a queue's function of the event that its messages hold, or events, and what it does with a batch. */
export function queueFunction<const Read extends EventDefinition | Events>(
  read: Read,
  handleOf: (deps: Deps) => Handle<Read extends Events ? Read[number] : Read>,
): FunctionSource {
  const events: Events = "detailType" in read ? [read] : read;
  return { kind: "queue", events, create: (deps) => handlerOf(events, handleOf(deps)) };
}

function handlerOf<Read extends EventDefinition>(events: Events, handle: Handle<Read>): FunctionHandler {
  return async (event) => {
    const messages: Message<Read>[] = [];
    const failed: string[] = [];
    for (const { messageId, body } of Batch.parse(event).Records) {
      const read = readEvent<Read>(events, body);
      if (read === undefined) failed.push(messageId);
      else messages.push({ messageId, event: read });
    }
    failed.push(...(await handle(messages)));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Id and time of an event make it count once, and when. */
function readEvent<Read extends EventDefinition>(events: Events, body: string): ReceivedOf<Read> | undefined {
  try {
    const event = parseEvent(events, parseJson(body));
    return event.id === "" || Number.isNaN(Date.parse(event.time)) ? undefined : (event as ReceivedOf<Read>);
  } catch (error) {
    if (error instanceof EventError) return undefined;
    throw error;
  }
}
