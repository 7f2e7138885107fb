/** The kinds of records of state machines and their executions. */
import { defineKind, type Kept, type Key, type Kind, partsOf, type Transaction } from "@serverlesspresso/store";
import { scopesOf } from "./closed-marks.ts";

const owner = "workflow";
const kind = (prefix: string, holds: string, kept: Kept): Kind => defineKind({ prefix, holds, owner, kept });
const closed = { until: "executions" } as const;
const startedAtMs = (parts: readonly unknown[]): number => parts[2] as number;

/** Gives a record of an earlier release the marks that `closed-store.ts` writes. */
function markClosed(tx: Transaction, key: Key, value: unknown): boolean {
  const [, machine, startMs] = partsOf(key) as [string, string, number];
  const record = value as Parameters<typeof scopesOf>[0];
  const scopes = scopesOf(record);
  for (const scope of scopes) tx.put(kinds.marks.key(machine, scope, record.status, startMs), 1);
  return scopes.length > 0;
}

/** The kinds of record that this package stores, each with its prefix and how long it stays. */
export const kinds = {
  machines: kind("xs", "state machines", "for good"),
  revisions: kind("xv", "revisions of state machines", "for good"),
  versions: kind("xp", "published versions", "for good"),
  aliases: kind("xl", "aliases", "for good"),
  tags: kind("xg", "tags of state machines and activities", "for good"),
  definitions: kind("xd", "definitions", "for good"),
  /** 2: with parts beside it. */
  running: defineKind({ prefix: "xr", holds: "executions under way", owner, kept: "while needed", version: 2 }),
  parts: kind("xy", "parts of executions under way", "while needed"),
  working: kind("xw", "marks of executions with work to do", "while needed"),
  closed: defineKind({
    prefix: "xc",
    holds: "closed executions",
    owner,
    kept: closed,
    atMs: (_, value) => (value as { stopMs: number }).stopMs,
    version: 2,
    migrations: [{ to: 2, says: "marks by which lists find them", change: markClosed }],
  }),
  marks: kind("xi", "marks of closed executions, for lists", closed),
  stood: kind("xz", "where executions stood that may be redriven", closed),
  names: defineKind({ prefix: "xn", holds: "names of executions", owner, kept: closed, atMs: (_, startMs) => startMs as number }),
  histories: defineKind({ prefix: "xh", holds: "histories of executions", owner, kept: closed, ageInKey: true, atMs: startedAtMs }),
  /** Of executions that ended an hour ago. */
  blocks: defineKind({
    prefix: "xb",
    holds: "histories of executions in blocks",
    owner,
    kept: closed,
    isSpare: true,
    ageInKey: true,
    atMs: startedAtMs,
  }),
  mapRuns: defineKind({ prefix: "xm", holds: "Map runs", owner, kept: closed, ageInKey: true, atMs: startedAtMs }),
  mapRunPlaces: kind("xu", "whose execution a Map run is", closed),
  tokenKey: kind("xk", "the key of task tokens", "for good"),
  activities: kind("xa", "activities", "for good"),
  activityTasks: kind("xq", "tasks that wait for a worker", "while needed"),
};
