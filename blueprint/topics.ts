import { names } from "@serverlesspresso/contract";
import type { TopicBlueprint } from "./types.ts";

/** SPEC section 7. Clients publish nothing. `{userId}` is the subject of the subscriber's own token. */
export const topics: readonly TopicBlueprint[] = [
  { name: names.adminTopic, subscribers: "admin" },
  { name: `${names.userTopicPrefix}{userId}`, subscribers: "owner" },
  { name: names.configTopic, subscribers: "anyone" },
];
