/** The kinds of records of the bus. */
import { defineKind, type Kept, type Kind } from "@serverlesspresso/store";

const owner = "event-bus";
const kind = (prefix: string, holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner, kept });
const putAtMs = (_: unknown, value: unknown): number => (value as { atMs: number }).atMs;

const firstAtMs = (_: unknown, value: unknown): number => (value as [[string, { atMs: number }]])[0][1].atMs;

/** The kinds by what they hold. */
export const kinds = {
  buses: kind("eb", "event buses", "for good"),
  rules: kind("er", "rules", "for good"),
  tags: kind("et", "tags of rules, buses and archives", "for good"),
  archives: kind("ea", "archives", "for good"),
  replays: kind("ep", "replays", "for good"),
  connections: kind("ec", "connections", "for good"),
  destinations: kind("eh", "API destinations", "for good"),
  events: defineKind({ prefix: "ev", holds: "events", owner, kept: { until: "archive" }, atMs: putAtMs }),
  /** Several older events in one record. */
  blocks: defineKind({ prefix: "ew", holds: "events in blocks", owner, kept: { until: "archive" }, isSpare: true, atMs: firstAtMs }),
  deliveries: kind("ed", "deliveries to be made", "while needed"),
  dead: defineKind({ prefix: "ex", holds: "deliveries given up", owner, kept: "for good", atMs: putAtMs }),
};
