import { defineService } from "../define-service.ts";
import { use } from "../use.ts";
import { publishTo, publishUser } from "./publish.ts";

/** The publisher: events on their way to phones, tablets and displays. Clients publish nothing. */
export const service = defineService(import.meta.url, "publisher", (names) => {
  const userTopic = `${names.userTopicPrefix}{userId}`;
  return {
    // docs/spec.md section 7. `{userId}` is the subject of the subscriber's own token.
    topics: [
      { name: names.adminTopic, subscribers: "admin" },
      { name: userTopic, subscribers: "owner" },
      { name: names.configTopic, subscribers: "anyone" },
    ],
    rules: [
      {
        name: "PublishAdmin",
        description: "what baristas, displays and operators see",
        on: [{ prefix: "OrderManager." }, { prefix: "OrderProcessor." }, { prefix: "Validator." }, { prefix: "ConfigService." }],
        target: { function: "PublishAdmin" },
      },
      {
        name: "PublishUser",
        description: "what a guest sees",
        on: [{ prefix: "OrderManager." }, { prefix: "OrderProcessor." }],
        target: { function: "PublishUser" },
      },
      {
        name: "PublishConfig",
        description: "what every client sees",
        on: [{ prefix: "ConfigService." }],
        target: { function: "PublishConfig" },
      },
    ],
    functions: {
      PublishAdmin: {
        handler: publishTo(names.adminTopic),
        description: "publishes events for baristas, displays and operators",
        uses: [use.topic(names.adminTopic)],
      },
      PublishUser: { handler: publishUser, description: "publishes a guest's own events", uses: [use.topic(userTopic)] },
      PublishConfig: {
        handler: publishTo(names.configTopic),
        description: "publishes changes of shop state, limits and menu",
        uses: [use.topic(names.configTopic)],
      },
    },
  };
});
