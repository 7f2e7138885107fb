import type { Events, JsonObject } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { EventBusError } from "./errors.ts";
import type { EventBus } from "./event-bus.ts";
import { mostEntries } from "./put-events-request.ts";

/** Returns the port `Events` on one bus. It puts more than ten entries in groups of ten, all in one transaction: all or none. */
export function createEventsPort(store: Store, bus: Pick<EventBus, "putEvents">, busName: string): Events {
  return {
    async putEvents(entries) {
      const Entries = entries.map(({ source, detailType, detail, resources }): JsonObject => {
        return {
          EventBusName: busName,
          Source: source,
          DetailType: detailType,
          Detail: detail,
          ...(resources !== undefined && { Resources: resources }),
        };
      });
      const groups = Array.from({ length: Math.ceil(Entries.length / mostEntries) }, (_, n) =>
        Entries.slice(n * mostEntries, (n + 1) * mostEntries),
      );
      const answers = await store.transact((tx) => groups.flatMap((group) => accepted(bus.putEvents(tx, { Entries: group }))));
      return { eventIds: answers };
    },
  };
}

function accepted(answer: JsonObject): string[] {
  return (answer.Entries as readonly JsonObject[]).map(({ EventId, ErrorCode, ErrorMessage }) => {
    if (typeof EventId === "string") return EventId;
    throw new EventBusError("ValidationException", `${ErrorCode as string}: ${ErrorMessage as string}`);
  });
}
