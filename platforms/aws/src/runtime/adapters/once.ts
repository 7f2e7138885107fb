import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import type { Once } from "./metrics.ts";
import { createPlatformStore } from "./platform-store.ts";

/** As long as a message may come again, by redrive of a dead-letter queue too. */
const rememberedSeconds = 30 * 86_400;

/** The longest that a function with a queue may take: what is still under way after that has died. */
const longestMs = 60_000;

/** What was done under a key is remembered in the platform's table. One that fails is forgotten, and done when it comes again. */
export function createOnce(dynamodb: DynamoDBClient): Once {
  const persistenceStore = createPlatformStore(dynamodb);
  const config = new IdempotencyConfig({ expiresAfterSeconds: rememberedSeconds, hashFunction: "sha256" });
  config.registerLambdaContext({ getRemainingTimeInMillis: () => longestMs } as Context);
  const onlyOnce = makeIdempotent(
    async (_key: string, act: () => Promise<void>) => {
      await act();
      return {};
    },
    { persistenceStore, config, keyPrefix: "once" },
  );
  return async (key, act) => void (await onlyOnce(key, act));
}
