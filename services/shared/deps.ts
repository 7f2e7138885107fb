import type { Names } from "@serverlesspresso/contract";
import { type DetailOf, type EventDefinition, entryOf } from "@serverlesspresso/contract/events";
import type { Ports } from "@serverlesspresso/ports";

/** The bus, for events of the catalogue and of services alone. */
export interface CatalogueEvents {
  /** Puts events of one kind on the bus, in order. Resolves when all are durable; rejects if any was refused. */
  put<Event extends EventDefinition>(event: Event, ...details: readonly DetailOf<Event>[]): Promise<void>;
}
/** What every service is made from. */
export interface Deps extends Omit<Ports, "events" | "states"> {
  readonly events: CatalogueEvents;
  readonly names: Names;
}

/** EventBridge takes so many at once. */
const mostEntries = 10;

/** Returns what the services of a bar are made from. */
export function depsOf({ events, states: _, ...ports }: Ports, names: Names): Deps {
  return {
    ...ports,
    names,
    events: {
      async put(event, ...details) {
        const entries = details.map((detail) => entryOf(event, detail, names));
        for (let at = 0; at < entries.length; at += mostEntries) await events.putEvents(entries.slice(at, at + mostEntries));
      },
    },
  };
}
