/** An event's id names its place: its record and where it stands in it, or the number of a linked event. */
import { invalidToken } from "./errors.ts";

/** Where an event lies. */
export type EventPlace =
  | { readonly kind: "own"; readonly ms: number; readonly serial: string; readonly index: number }
  | { readonly kind: "linked"; readonly ms: number; readonly sequence: number };

const own = /^(\d{1,15})-([0-9A-Z]{26})-(\d{1,9})$/;
const linked = /^(\d{1,15})-(\d{1,16})$/;

/** Returns the place that an id names. @throws {LogsError} `InvalidParameterException` */
export function parseEventId(id: string): EventPlace {
  const [, ms, serial, index] = own.exec(id) ?? [];
  if (serial !== undefined) return { kind: "own", ms: Number(ms), serial, index: Number(index) };
  const [, linkedMs, sequence] = linked.exec(id) ?? [];
  if (sequence !== undefined) return { kind: "linked", ms: Number(linkedMs), sequence: Number(sequence) };
  throw invalidToken();
}
