import type { EventEntry, FunctionHandler, JsonObject, StreamRecord } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { putAll } from "../shared/events.ts";
import { plainImage } from "../shared/plain-image.ts";

/** On the config table's stream: each change is told to the bus, with the item as it now is in plain values. */
export function configChanged({ events, names }: Deps): FunctionHandler {
  return async (event) => {
    const { Records } = event as unknown as { readonly Records: readonly StreamRecord[] };
    const changes = Records.filter(({ eventName, dynamodb }) => eventName !== "REMOVE" && dynamodb.NewImage !== undefined);
    await putAll(
      events,
      changes.map((record) => entry(names.eventSource, record)),
    );
    return undefined;
  };
}

function entry(source: string, { dynamodb }: StreamRecord): EventEntry {
  const [before, after] = [plainImage(dynamodb.OldImage), plainImage(dynamodb.NewImage)];
  return { source, detailType: "ConfigService.ConfigChanged", detail: { Message: messageOf(before, after), NewImage: after } };
}

function messageOf(before: JsonObject, after: JsonObject): string {
  if (after.PK === "menu") return "The menu changed.";
  if (after.PK !== "config") return "The configuration changed.";
  if (before.storeOpen === after.storeOpen && before.reopensAt === after.reopensAt) return "The shop's limits changed.";
  if (after.storeOpen === true) return "The shop is open.";
  return typeof after.reopensAt === "string" ? `The shop pauses until ${after.reopensAt}.` : "The shop is closed.";
}
