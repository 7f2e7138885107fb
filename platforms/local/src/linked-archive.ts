import { readMarked } from "@serverlesspresso/event-bus";
import type { LinkedEvent, LinkedStore } from "@serverlesspresso/logs";
import { place } from "./place.ts";

/** Returns the archive of the bus as log groups read it: a group's mark is its name. @param keptDays the archive's, for ever where undefined */
export function linkedArchive(keptDays: number | undefined): LinkedStore {
  return {
    keptDays,
    *read(view, { group, ...range }): Generator<LinkedEvent> {
      for (const { sequence, atMs, envelope } of readMarked(view, place, { ...range, mark: group }))
        yield { sequence, timestampMs: atMs, ...(envelope !== undefined && { content: envelope }) };
    },
  };
}
