/** Changes whose outcome follows from their number: each overwrites, adds and deletes. */
import { keyOf, rangeOf, type Store } from "@serverlesspresso/store";

const kept = 100;
const places = 40;
const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Makes change `n`; resolves when it is acknowledged. */
export function change(store: Store, n: number): Promise<void> {
  return store.transact((tx) => {
    tx.put(keyOf("a", n), textOf(n, 90));
    tx.put(keyOf("b", n % places), [n, textOf(n, bytesOf(n))]);
    if (n > kept) tx.delete(keyOf("a", n - kept));
    tx.put(keyOf("last"), n);
  });
}

/** What is not as the changes up to the last one left it (store.S1, S4), and whether those acknowledged are among them (S3). */
export function findFaults(store: Store, acknowledged: number): string[] {
  const last = store.get<number>(keyOf("last")) ?? 0;
  const faults = last < acknowledged ? [`the last change is ${last}, though ${acknowledged} was acknowledged`] : [];
  const first = Math.max(1, last - kept + 1);
  const rows = store.scan<string>(rangeOf("a")).map(([, text]) => text);
  const expected = Array.from({ length: last - first + 1 }, (_, index) => textOf(first + index, 90));
  if (JSON.stringify(rows) !== JSON.stringify(expected)) faults.push(`after change ${last}, ${rows.length} rows are not those expected`);
  for (let n = Math.max(1, last - places + 1); n <= last; n++) {
    const found = store.get(keyOf("b", n % places));
    if (JSON.stringify(found) !== JSON.stringify([n, textOf(n, bytesOf(n))])) faults.push(`change ${n} is not as it was written`);
  }
  return faults;
}

/** Some in the page, some on pages of their own. */
function bytesOf(n: number): number {
  return [50, 400, 3_000, 12_000][n % 4] as number;
}

/** A text of its own for each number, of little to compress. */
function textOf(n: number, length: number): string {
  let text = "";
  for (let state = n * 2_654_435_761 + 1; text.length < length; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}
