/** The kinds of records of the bus. */
import { defineKind, type Kept, type Kind } from "@serverlesspresso/store";

const owner = "event-bus";
const kind = (prefix: string, holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner, kept });
const putAtMs = (_: unknown, value: unknown): number => (value as { atMs: number }).atMs;
/** Of events: those with a shape have it behind the shape's number (`event-shapes.ts`). */
const eventAtMs = (_: unknown, value: unknown): number => (Array.isArray(value) ? (value[1] as number) : putAtMs(_, value));
const firstAtMs = (_: unknown, value: unknown): number => eventAtMs(_, (value as [[string, unknown]])[0][1]);

/** The kinds by what they hold. */
export const kinds = {
  buses: kind("eb", "event buses", "for good"),
  rules: kind("er", "rules", "for good"),
  tags: kind("et", "tags of rules, buses and archives", "for good"),
  archives: kind("ea", "archives", "for good"),
  replays: kind("ep", "replays", "for good"),
  connections: kind("ec", "connections", "for good"),
  destinations: kind("eh", "API destinations", "for good"),
  /** 2: with shapes. */
  events: defineKind({ prefix: "ev", holds: "events", owner, kept: { until: "archive" }, version: 2, atMs: eventAtMs }),
  /** Several older events in one record. */
  blocks: defineKind({
    prefix: "ew",
    holds: "events in blocks",
    owner,
    kept: { until: "archive" },
    isSpare: true,
    version: 2,
    atMs: firstAtMs,
  }),
  shapes: kind("es", "shapes of events", "for good"),
  deliveries: kind("ed", "deliveries to be made", "while needed"),
  dead: defineKind({ prefix: "ex", holds: "deliveries given up", owner, kept: "for good", atMs: putAtMs }),
};
