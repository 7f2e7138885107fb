/** The edge of a function on a table's stream: records become changes with images in plain values. */
import type { FunctionHandler, JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import type { Deps } from "../shared/deps.ts";
import { AnyObject } from "../shared/json.ts";
import { plainImage } from "../shared/plain-image.ts";
import type { FunctionSource } from "./function-source.ts";

/** One change of an item: a new one has no `before`, one that went no `after`. */
export interface Change {
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

const Records = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
      dynamodb: z.object({ NewImage: AnyObject.optional(), OldImage: AnyObject.optional() }),
    }),
  ),
});

/** Makes a stream's function of what it does with a batch. A batch that fails comes again. */
export function streamFunction(handleOf: (deps: Deps) => (changes: readonly Change[]) => Promise<void>): FunctionSource {
  return { kind: "stream", create: (deps) => handlerOf(handleOf(deps)) };
}

function handlerOf(handle: (changes: readonly Change[]) => Promise<void>): FunctionHandler {
  return async (event) => {
    const changes = Records.parse(event).Records.map(({ eventName, dynamodb: { NewImage, OldImage } }) => ({
      eventName,
      before: OldImage && plainImage(OldImage),
      after: eventName === "REMOVE" ? undefined : NewImage && plainImage(NewImage),
    }));
    await handle(changes);
    return undefined;
  };
}
