/**
 * Limits on how often a caller may try something: items of the platform's table that count and end.
 *
 * L1. A try is counted before it is made, so that many at once cannot slip through together; a good one is given back.
 * L2. A window begins with its first try. An item past its end counts as gone, whether DynamoDB has removed it yet or not.
 * L3. Of several limits all count the try, or none does. They count one after the other: a try that one refuses holds no place under the next,
 *     not even for a moment in which another caller would be refused for it.
 */
import type { Item } from "@serverlesspresso/ports";
import type { Deps } from "./deps.ts";
import { unlessLostRace } from "./errors.ts";
import { ProblemError } from "./problem-error.ts";

/** A limit of one subject: an address, a device, an operator. */
export interface Limit {
  readonly kind: string;
  readonly subject: string;
  readonly most: number;
  readonly windowMs: number;
  /** Whether many count on it, so that its window is usually there: then a try looks for it first. */
  readonly isShared?: boolean;
}
/** A try that was counted, in the window that ends at `endMs`. */
export interface Counted {
  readonly kind: string;
  readonly subject: string;
  readonly endMs: number;
}
type Ports = Pick<Deps, "tables" | "clock" | "names">;

/** Counts one try under each limit, the narrowest first. @throws {ProblemError} `too-many-requests`, where one of them is reached (L3) */
export async function countTry(ports: Ports, ...limits: readonly Limit[]): Promise<readonly Counted[]> {
  const counted: Counted[] = [];
  try {
    for (const limit of limits) counted.push(await count(ports, limit));
    return counted;
  } catch (error) {
    await giveBack(ports, ...counted);
    throw error;
  }
}

/** Takes tries back that were good; a window that has ended since keeps its count. */
export async function giveBack({ tables, names }: Ports, ...counted: readonly Counted[]): Promise<void> {
  const takeBack = ({ endMs, ...limit }: Counted): Promise<unknown> =>
    tables.updateItem({
      tableName: names.platformTable,
      key: keyOf(limit),
      updateExpression: "ADD tries :less",
      conditionExpression: "endMs = :end AND tries > :zero",
      values: { ":less": -1, ":zero": 0, ":end": endMs },
    });
  await Promise.all(counted.map((one) => takeBack(one).catch(unlessLostRace)));
}

const keyOf = ({ kind, subject }: Pick<Limit, "kind" | "subject">): Item => ({ PK: `limit#${kind}#${subject}` });

async function count(ports: Ports, limit: Limit): Promise<Counted> {
  const [first, second] = limit.isShared === true ? [countOn, begin] : [begin, countOn];
  for (;;) {
    const endMs = (await first(ports, limit)) ?? (await second(ports, limit));
    if (endMs !== undefined) return { kind: limit.kind, subject: limit.subject, endMs };
    await refuseWhereReached(ports, limit);
  }
}

/** Counts in the window that there is. */
async function countOn({ tables, names, clock }: Ports, limit: Limit): Promise<number | undefined> {
  const updated = tables.updateItem({
    tableName: names.platformTable,
    key: keyOf(limit),
    updateExpression: "ADD tries :one",
    conditionExpression: "endMs > :now AND tries < :most",
    values: { ":one": 1, ":now": clock.nowMs(), ":most": limit.most },
  });
  return updated.then(({ endMs }) => Number(endMs), unlessLostRace);
}

/** Begins a window with this try (L2). */
async function begin({ tables, names, clock }: Ports, limit: Limit): Promise<number | undefined> {
  const nowMs = clock.nowMs();
  const endMs = nowMs + limit.windowMs;
  const put = tables.putItem({
    tableName: names.platformTable,
    item: { ...keyOf(limit), tries: 1, endMs, expiresAt: Math.ceil(endMs / 1000) },
    conditionExpression: "attribute_not_exists(PK) OR endMs <= :now",
    values: { ":now": nowMs },
  });
  return put.then(() => endMs, unlessLostRace);
}

/** Returns where another call's try came between, so that this one is counted again. */
async function refuseWhereReached({ tables, names, clock }: Ports, limit: Limit): Promise<void> {
  const item = await tables.getItem({ tableName: names.platformTable, key: keyOf(limit) });
  const leftMs = Number(item?.endMs ?? 0) - clock.nowMs();
  if (leftMs <= 0 || Number(item?.tries) < limit.most) return;
  throw new ProblemError("too-many-requests", "Too many tries. Wait a while, then try again.", Math.ceil(leftMs / 1000));
}
