import type { EventEnvelope, FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { leave, text } from "../shared/events.ts";
import { isTopicLevel, liveMessage } from "./live-message.ts";

/** Publishes each event on one topic. */
export function publishTo({ topics }: Deps, topic: string): FunctionHandler {
  return async (event) => {
    await topics.publish(topic, liveMessage(event as unknown as EventEnvelope));
    return undefined;
  };
}

/** Publishes each event on the topic of the user it is about. */
export function publishUser({ topics, names }: Deps): FunctionHandler {
  return async (event, context) => {
    const envelope = event as unknown as EventEnvelope;
    const userId = text(envelope.detail?.userId);
    if (!isTopicLevel(userId)) return leave(context, "no user in the event that a topic could be named after");
    await topics.publish(names.userTopicPrefix + userId, liveMessage(envelope));
    return undefined;
  };
}
