import { blueprint } from "@serverlesspresso/blueprint";
import type { FunctionHandler, JsonValue } from "@serverlesspresso/ports";
import type { Platform } from "../../../platforms/local/src/platform.ts";
import type { LambdaFunctions } from "./functions.ts";

/** Makes a platform work with Lambda's functions: they take the place of those in its own process. */
export async function attachFunctions(platform: Platform, functions: Pick<LambdaFunctions, "invoke">): Promise<void> {
  registerAll(platform, functions);
}

/** Rules, streams, queues and workflows call Lambda's functions instead of those in the platform's own process. */
function registerAll({ functions: registry }: Platform, lambda: Pick<LambdaFunctions, "invoke">): void {
  const streamed = new Set(blueprint.tables.flatMap(({ stream = [] }) => stream.map((consumer) => consumer.function)));
  for (const { name, description, timeoutSeconds } of blueprint.functions) {
    const call: FunctionHandler = (event) => lambda.invoke(name, event);
    registry.register(name, streamed.has(name) ? wholeBatch(call) : call, { description, timeoutSeconds });
  }
}

/** The local stream gives a batch again as a whole; Lambda would begin again at the record that failed. */
function wholeBatch(call: FunctionHandler): FunctionHandler {
  return async (event, context) => {
    const answer = (await call(event, context)) as { readonly batchItemFailures: readonly JsonValue[] };
    if (answer.batchItemFailures.length > 0) throw new Error(`records failed: ${JSON.stringify(answer.batchItemFailures)}`);
    return undefined;
  };
}
