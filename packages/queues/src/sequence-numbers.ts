/** The numbers that a FIFO queue gives its messages: twenty digits, ascending, gaps allowed. */
import type { Transaction } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

// Of twenty digits from the first to the last, so that they compare as texts too.
const first = 18_849_496_460_467_696_128n;
const step = 256n;

/** Returns the next number of a queue, in the transaction that sends with it. */
export function nextSequenceNumber(tx: Transaction, queue: string): string {
  const key = kinds.sequenceNumbers.key(queue);
  const count = (tx.get<number>(key) ?? 0) + 1;
  tx.put(key, count);
  return String(first + BigInt(count) * step);
}
