/** Ten wrong codes a minute, then a guest's codes are not looked at until the next: 128 bits cannot be guessed, and no client gets to try. */
import type { Deps } from "../shared/deps.ts";
import { isLostRace } from "../shared/errors.ts";
import { ProblemError } from "../shared/problem-error.ts";
import { type UserItem, userKey } from "../shared/user-item.ts";

const mostWrongCodes = 10;
const minuteOf = (nowMs: number): number => Math.floor(nowMs / 60_000);

/** Refuses a guest who was wrong too often. */
export function refuseGuessing(user: UserItem, nowMs: number): void {
  if (user.wrongMinute !== minuteOf(nowMs) || user.wrongCount < mostWrongCodes) return;
  const seconds = Math.ceil(((minuteOf(nowMs) + 1) * 60_000 - nowMs) / 1000);
  throw new ProblemError("too-many-wrong-codes", "Too many wrong codes. Wait a minute, then scan the code on the display.", seconds);
}

/** Counts one wrong code. */
export async function countWrongCode(deps: Deps, userId: string, nowMs: number): Promise<void> {
  const minute = minuteOf(nowMs);
  const update = { tableName: deps.names.validatorTable, key: userKey(userId) };
  try {
    await deps.tables.updateItem({
      ...update,
      updateExpression: "SET wrongMinute = :minute, wrongCount = :one",
      conditionExpression: "attribute_not_exists(wrongMinute) OR wrongMinute < :minute",
      values: { ":minute": minute, ":one": 1 },
    });
  } catch (error) {
    if (!isLostRace(error)) throw error;
    await deps.tables.updateItem({ ...update, updateExpression: "ADD wrongCount :one", values: { ":one": 1 } });
  }
}
