import { timingSafeEqual } from "node:crypto";

/** Compares in a time that tells nothing of where they differ. */
export function isSameText(given: string, stored: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(stored)];
  return a.length === b.length && timingSafeEqual(a, b);
}
