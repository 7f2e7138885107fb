/**
 * `Idempotency-Key`, kept by Powertools in the platform's table: what the local platform's `http/idempotency.ts` promises, over DynamoDB.
 *
 * N1. A key belongs to its user and route. The answer of a call that succeeded is kept for a day and given again.
 * N2. The same key with another address or body is refused with 422.
 * N3. A repeat that comes while the first is at work waits for its answer, as long as its own function may take.
 * N4. A refusal changed nothing and is not kept: the repeat is looked at anew.
 */
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { checkIdempotencyKey, type IdempotentCall, keyReused } from "@serverlesspresso/blueprint/edge/idempotent-call.ts";
import { tookTooLong } from "@serverlesspresso/blueprint/edge/refusal.ts";
import type { Clock, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import type { Context } from "aws-lambda";
import { createPlatformStore } from "../adapters/platform-store.ts";

export interface Idempotency {
  /** @throws {Refusal} 400 for a key that is none, 422 for one used for something else, 503 where the first takes too long */
  once(call: IdempotentCall, context: Context, perform: () => Promise<RouteResponse>): Promise<RouteResponse>;
}

const keptSeconds = 86_400;
const lookAgainMs = 100;
/** What a function needs to answer after it has waited. */
const spareMs = 1_000;

/** An answer that is not kept (N4). */
class NotKept extends Error {
  override readonly name = "NotKept";
  readonly answer: RouteResponse;
  constructor(answer: RouteResponse) {
    super("not kept");
    this.answer = answer;
  }
}

interface Attempt {
  readonly id: JsonValue;
  readonly request: JsonValue;
}

export function createIdempotency({ dynamodb, clock }: { readonly dynamodb: DynamoDBClient; readonly clock: Clock }): Idempotency {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: "id",
    payloadValidationJmesPath: "request",
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: keptSeconds,
    hashFunction: "sha256",
  });
  const persistenceStore = createPlatformStore(dynamodb);
  const keptAnswer = makeIdempotent(
    async (_attempt: Attempt, perform: () => Promise<RouteResponse>): Promise<RouteResponse> => {
      const answer = await perform();
      if (answer.statusCode >= 300) throw new NotKept(answer);
      return { statusCode: answer.statusCode, body: answer.body };
    },
    { persistenceStore, config, keyPrefix: "idempotency" },
  );

  async function attempt(call: Attempt, context: Context, perform: () => Promise<RouteResponse>): Promise<RouteResponse> {
    for (;;) {
      try {
        return (await keptAnswer(call, perform)) as RouteResponse;
      } catch (error) {
        if (error instanceof NotKept) return error.answer;
        await next(error as Error, context);
      }
    }
  }

  /** N2, N3: resolves where the call is to be looked at again. */
  async function next(error: Error, context: Context): Promise<void> {
    if (error.name === "IdempotencyValidationError") {
      throw keyReused();
    }
    if (error.name !== "IdempotencyAlreadyInProgressError") throw error;
    if (context.getRemainingTimeInMillis() < lookAgainMs + spareMs) throw tookTooLong();
    await new Promise<void>((resolve) => void clock.at(clock.nowMs() + lookAgainMs, resolve));
  }

  return {
    async once({ key, userId, route, request }, context, perform) {
      checkIdempotencyKey(key);
      config.registerLambdaContext(context);
      return attempt({ id: [userId, route, key], request }, context, perform);
    },
  };
}
