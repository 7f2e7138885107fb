import type { Blueprint } from "@serverlesspresso/blueprint";
import type { Engines } from "../engines.ts";
import { createConsumers } from "../queues.ts";
import type { Undo } from "../undo.ts";

/** Whatever is called is up before its callers, and is stopped after them. */
export async function startEngines(
  engines: Engines,
  { queues: blueprints }: Pick<Blueprint, "queues">,
  onError: (error: unknown, what: string) => void,
  undo: Undo,
): Promise<void> {
  const { logs, queues, tables, streams, deadlines, workflows, bus, evaluator, definitions, feed } = engines;
  undo.push(() => feed.close());
  undo.push(() => definitions.close());
  undo.push(() => evaluator.close());
  const consumers = createConsumers({ ...engines, onError }, blueprints);
  for (const part of [logs, tables, queues, workflows, bus, streams, deadlines, ...consumers]) {
    undo.push(() => part.stop());
    await part.start();
  }
}
