/**
 * How events reach clients.
 *
 * B1. Whoever hears that an order ended, and reads it then, reads it ended. An end that at first the workflow alone knows of is told by the
 *     function that writes it, after the write (`tellOfEnd`); the publishers of the rules, which run beside that function, leave it to it.
 */
import type { EventEnvelope, FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { leave, text } from "../shared/events.ts";
import { isTopicLevel, liveMessage } from "./live-message.ts";

/** B1. What the rule `OrderTimedOut` takes. */
const endsToWrite: ReadonlySet<string> = new Set(["OrderProcessor.OrderTimeOut", "OrderProcessor.ShopUnavailable"]);

/** Publishes each event on one topic. */
export function publishTo({ topics }: Deps, topic: string): FunctionHandler {
  return async (event, context) => {
    const envelope = event as unknown as EventEnvelope;
    if (endsToWrite.has(envelope["detail-type"])) return leave(context, "told once the order's end is written");
    await topics.publish(topic, liveMessage(envelope));
    return undefined;
  };
}

/** Publishes each event on the topic of the user it is about. */
export function publishUser(deps: Deps): FunctionHandler {
  return async (event, context) => {
    const envelope = event as unknown as EventEnvelope;
    if (endsToWrite.has(envelope["detail-type"])) return leave(context, "told once the order's end is written");
    const topic = topicOfUser(deps, envelope);
    if (topic === undefined) return leave(context, "no user in the event that a topic could be named after");
    await deps.topics.publish(topic, liveMessage(envelope));
    return undefined;
  };
}

/** B1. Publishes the end of an order, which is written, for everybody whom it concerns. */
export async function tellOfEnd(deps: Deps, envelope: EventEnvelope): Promise<void> {
  const topics = [deps.names.adminTopic, topicOfUser(deps, envelope)].filter((topic) => topic !== undefined);
  await Promise.all(topics.map((topic) => deps.topics.publish(topic, liveMessage(envelope))));
}

function topicOfUser({ names }: Deps, { detail }: EventEnvelope): string | undefined {
  const userId = text(detail?.userId);
  return isTopicLevel(userId) ? names.userTopicPrefix + userId : undefined;
}
