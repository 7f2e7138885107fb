/**
 * How events reach clients.
 *
 * B1. A client that receives the end of an order, and reads the order then, reads it ended. At first the workflow alone knows some ends:
 *     the function that writes such an end publishes it after the write (`tellOfEnd`); the publishers of the rules, which run beside that
 *     function, do not.
 */
import { OrderTimeOut, ShopUnavailable } from "@serverlesspresso/contract/events";
import type { Received } from "../edges/envelope.ts";
import type { FunctionSource } from "../edges/function-source.ts";
import { anyEventFunction } from "../edges/rule-function.ts";
import type { Deps } from "../shared/deps.ts";
import { leave } from "../shared/leave.ts";
import { isTopicLevel, liveMessage } from "./live-message.ts";

/** B1. What the rule `OrderTimedOut` takes. */
const endsToWrite: ReadonlySet<string> = new Set([OrderTimeOut.detailType, ShopUnavailable.detailType]);
const toldLater = "told once the order's end is written";

/** Publishes each event on one topic. */
export function publishTo(topic: string): FunctionSource {
  return anyEventFunction(({ topics }) => async (event, context) => {
    if (endsToWrite.has(event.detailType)) return leave(context, toldLater);
    // → apps/ui/src/live.ts receives it in every app that subscribes.
    await topics.publish(topic, liveMessage(event));
  });
}

/** Publishes each event on the topic of the user it is about. */
export const publishUser = anyEventFunction((deps) => async (event, context) => {
  if (endsToWrite.has(event.detailType)) return leave(context, toldLater);
  const topic = topicOfUser(deps, event);
  if (topic === undefined) return leave(context, "no user in the event that a topic could be named after");
  await deps.topics.publish(topic, liveMessage(event));
});

/** B1. Publishes the end of an order, which is written, for everybody whom it concerns. */
export async function tellOfEnd(deps: Deps, event: Received): Promise<void> {
  const topics = [deps.names.adminTopic, topicOfUser(deps, event)].filter((topic) => topic !== undefined);
  await Promise.all(topics.map((topic) => deps.topics.publish(topic, liveMessage(event))));
}

function topicOfUser({ names }: Deps, { detail: { userId } }: Received): string | undefined {
  const level = typeof userId === "number" ? String(userId) : userId;
  return typeof level === "string" && isTopicLevel(level) ? names.userTopicPrefix + level : undefined;
}
