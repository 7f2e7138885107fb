import type { Names } from "@serverlesspresso/contract";
import type { Ports } from "@serverlesspresso/ports";
import { createHandlers } from "@serverlesspresso/services";
import type { Service } from "@serverlesspresso/services/declaration.ts";
import type { FunctionCall } from "@serverlesspresso/services/test-support/example-calls.ts";
import { exampleEvent } from "@serverlesspresso/services/test-support/example-event.ts";
import { recordCalls } from "./record-calls.ts";

const context = { functionName: "f", awsRequestId: "r", log: () => {} };

/** Makes calls in turn, and returns what each function called, as `recordCalls` prints it. @param services those whose functions are called */
export async function recordExamples(
  services: readonly Service[],
  calls: readonly FunctionCall[],
  ports: Pick<Ports, "clock" | "ids" | "tables">,
  names: Names,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const calledBy = new Map<string, Set<string>>();
  for (const { name, handler, parts } of calls) {
    const { ports: recording, called } = recordCalls(ports);
    await createHandlers(services, recording, names)[name]?.(exampleEvent(handler, parts), context);
    calledBy.set(name, new Set([...(calledBy.get(name) ?? []), ...called]));
  }
  return calledBy;
}
