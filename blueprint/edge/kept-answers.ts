/** Kept answers of calls with an `Idempotency-Key`, and claims to give one, as items of the platform's own table (`idempotency.ts`). */
import type { Clock, Item, JsonValue, RouteResponse, Tables } from "@serverlesspresso/ports";
import { z } from "zod";

/** An answer and the hash of its request. */
export interface KeptAnswer {
  readonly request: string;
  readonly answer: RouteResponse;
}
/** What stands under a key: a call that runs in another process, or its answer. */
export type Earlier = { readonly state: "claimed" } | ({ readonly state: "answered" } & KeptAnswer);
/** The right of one process to perform the call of a key until it may have ended. */
export interface Claim {
  readonly holder: string;
  readonly endsAtMs: number;
}

/** Reads and writes them. Keys are hashes; items past their end count as absent, though the table may still hold them. */
export interface KeptAnswers {
  find(id: string): Promise<Earlier | undefined>;
  /** Resolves with undefined where the key is now the claim's, else with what stands in its way. */
  claim(id: string, claim: Claim): Promise<Earlier | undefined>;
  /** Keeps an answer for a day. One whose claim has ended and was taken over is not kept: the other call's answer counts. */
  keep(id: string, kept: KeptAnswer, holder: string | undefined): Promise<void>;
  /** Ends a claim without an answer. */
  release(id: string, holder: string): Promise<void>;
}

const keptMs = 86_400_000;

const Stored = z.discriminatedUnion("status", [
  z.object({ status: z.literal("INPROGRESS"), expiresMs: z.number() }),
  z.object({ status: z.literal("COMPLETED"), expiresMs: z.number(), request: z.string(), statusCode: z.number(), body: z.string() }),
]);

/** Keeps answers in the table `tableName`, by `PK`, forgotten at `expiresAt` (seconds). */
export function createKeptAnswers(deps: { readonly tables: Tables; readonly tableName: string; readonly clock: Clock }): KeptAnswers {
  const { tables, tableName, clock } = deps;
  const keyOf = (id: string): Item => ({ PK: `idempotency#${id}` });
  const until = (expiresMs: number): Item => ({ expiresMs, expiresAt: Math.ceil(expiresMs / 1000) });

  async function find(id: string): Promise<Earlier | undefined> {
    const item = await tables.getItem({ tableName, key: keyOf(id) });
    if (item === undefined) return undefined;
    const stored = Stored.parse(item);
    if (stored.expiresMs <= clock.nowMs()) return undefined;
    if (stored.status === "INPROGRESS") return { state: "claimed" };
    const answer = { statusCode: stored.statusCode, body: JSON.parse(stored.body) as JsonValue };
    return { state: "answered", request: stored.request, answer };
  }

  return {
    find,
    async claim(id, { holder, endsAtMs }) {
      const isClaimed = await isMet(
        tables.putItem({
          tableName,
          item: { ...keyOf(id), status: "INPROGRESS", holder, ...until(endsAtMs) },
          conditionExpression: "attribute_not_exists(PK) OR expiresMs <= :now",
          values: { ":now": clock.nowMs() },
        }),
      );
      // What stood in the way may be gone by now: then it is looked at again like a claim.
      return isClaimed ? undefined : ((await find(id)) ?? { state: "claimed" });
    },
    async keep(id, { request, answer: { statusCode, body } }, holder) {
      const ends = until(clock.nowMs() + keptMs);
      const item = { ...keyOf(id), status: "COMPLETED", request, statusCode, body: JSON.stringify(body), ...ends };
      await isMet(tables.putItem({ tableName, item, ...(holder !== undefined && unlessOthers(holder)) }));
    },
    async release(id, holder) {
      await isMet(tables.deleteItem({ tableName, key: keyOf(id), ...unlessOthers(holder) }));
    },
  };
}

function unlessOthers(holder: string) {
  return { conditionExpression: "attribute_not_exists(PK) OR holder = :holder", values: { ":holder": holder } };
}

async function isMet(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
