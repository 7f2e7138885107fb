/**
 * State machines and their revisions.
 *
 * M1. A revision never changes; an execution keeps the one it started with, whatever is updated later.
 * M2. Putting what is there already makes no new revision.
 * M3. A definition's text is stored once, under its hash, and compiled once.
 * M4. A definition is checked when it is put in place of another, never when it is used: what an earlier release took runs on. The check may be done before
 *     the transaction, outside of the loop; whether the machine is there, and with what, is looked at within it.
 * M5. What a deleted machine has run is not its successor's. While it still runs something its name is taken: it is deleting.
 * M6. What a deleted machine still runs is aborted where it would enter another state. What waits goes on waiting until then.
 */
import { createHash } from "node:crypto";
import type { Clock, Ids, JsonValue } from "@serverlesspresso/ports";
import type { Machine } from "@serverlesspresso/states-language";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Arns } from "./arns.ts";
import type { Core } from "./core.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";
import type { MachineRecord, MachineType, RevisionRecord } from "./records.ts";
import { createRevisions, definitionText, type Findings, mostCompiled } from "./revisions.ts";

/** A state machine to create or to update. */
export interface PutStateMachine {
  readonly name: string;
  readonly type: MachineType;
  /** As a value, or as the text to be kept. */
  readonly definition: JsonValue;
  readonly roleArn?: string;
  /** What was found in the definition before the transaction. */
  readonly found?: Findings;
}

/** The state machines and their revisions. */
export interface StateMachines {
  /** Creates or updates the state machine. Returns its revision. @throws {WorkflowError} `InvalidDefinition`, `InvalidName` */
  put(tx: Transaction, request: PutStateMachine): RevisionRecord;
  /** With its versions, aliases and tags. */
  delete(tx: Transaction, name: string): void;
  get(view: ReadView, name: string): MachineRecord | undefined;
  /** Returns a deleted state machine that still has running executions. */
  deleting(view: ReadView, name: string): MachineRecord | undefined;
  /** @throws {WorkflowError} `StateMachineDoesNotExist`, `StateMachineDeleting` */
  expect(view: ReadView, name: string): MachineRecord;
  /** As `expect`, of one that is deleting too. @throws {WorkflowError} `StateMachineDoesNotExist` */
  expectAny(view: ReadView, name: string): MachineRecord;
  /** Whether an execution of this revision is the machine's, not that of one deleted before it. */
  owns(view: ReadView, name: string, revision: number): boolean;
  /** Whether the machine that an execution of this revision is of was deleted (M6). */
  isDeleted(view: ReadView, name: string, revision: number): boolean;
  revision(view: ReadView, name: string, number: number): RevisionRecord;
  definitionText(view: ReadView, revision: RevisionRecord): string;
  compiled(view: ReadView, name: string, number: number): Machine;
}

const namePattern = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** @throws {WorkflowError} `InvalidName` */
export function checkName(name: string): void {
  if (!namePattern.test(name)) throw new WorkflowError("InvalidName", `Invalid Name: '${name}'`);
}

/** What AWS says of a machine that is deleting. */
export function stateMachineDeleting(stateMachineArn: string): WorkflowError {
  return new WorkflowError("StateMachineDeleting", `State Machine is deleting: '${stateMachineArn}'`);
}

/** Returns the operations on state machines; each works within its caller's transaction. */
export function createStateMachines(deps: {
  readonly core: Core;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly arns: Arns;
}): StateMachines {
  const { core, clock, ids, account, arns } = deps;
  const revisions = createRevisions(core);
  /** By name, the first revision that was not deleted, for the hot path. */
  const firstKept = new Map<string, number>();
  const defaultRole = `arn:aws:iam::${account}:role/serverlesspresso-states`;

  function forgetFirst(tx: Transaction, name: string): void {
    firstKept.delete(name);
    tx.onUndo(() => void firstKept.delete(name));
  }

  function deleting(view: ReadView, name: string): MachineRecord | undefined {
    const record = view.get<MachineRecord>(keys.machine(name));
    return record?.deleted && view.scan(keys.runningOf(name), { limit: 1 }).length > 0 ? record : undefined;
  }

  function get(view: ReadView, name: string): MachineRecord | undefined {
    const record = view.get<MachineRecord>(keys.machine(name));
    return record?.deleted ? undefined : record;
  }

  function doesNotExist(name: string): WorkflowError {
    return new WorkflowError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arns.stateMachine(name)}'`);
  }

  return {
    put(tx, request) {
      const { name, type } = request;
      checkName(name);
      const text = typeof request.definition === "string" ? request.definition : JSON.stringify(request.definition, null, 2);
      const hash = createHash("sha256").update(text).digest("base64url").slice(0, 22);
      const before = tx.get<MachineRecord>(keys.machine(name));
      const current = before && revisions.get(tx, name, before.revision);
      if (!current || before.deleted || current.definition !== hash) revisions.check(hash, text, request.found);
      const roleArn = request.roleArn ?? current?.roleArn ?? defaultRole;
      if (before && current && !before.deleted && before.type === type && current.definition === hash && current.roleArn === roleArn) {
        return current;
      }
      const nowMs = clock.nowMs();
      const isNew = before === undefined || before.deleted === true;
      const next: RevisionRecord = {
        definition: hash,
        revisionId: ids.uuid(),
        roleArn,
        updatedMs: nowMs,
        ...(isNew && { initial: true }),
      };
      const number = (before?.revision ?? 0) + 1;
      if (tx.get(keys.definition(hash)) === undefined) tx.put(keys.definition(hash), text);
      tx.put(keys.revision(name, number), next);
      const kept = isNew ? { createdMs: nowMs, ...(before !== undefined && { firstRevision: number }) } : before;
      tx.put(keys.machine(name), { ...kept, type, revision: number } satisfies MachineRecord);
      forgetFirst(tx, name);
      // A number given in a transaction that is undone will be given again, for another definition.
      tx.onUndo(() => revisions.forget());
      return next;
    },
    delete(tx, name) {
      const record = get(tx, name);
      if (record === undefined) return;
      tx.put(keys.machine(name), { ...record, deleted: true } satisfies MachineRecord);
      forgetFirst(tx, name);
      for (const range of [keys.versionsOf(name), keys.aliasesOf(name)]) for (const [key] of tx.scan(range)) tx.delete(key);
      tx.delete(keys.tags("stateMachine", name));
    },
    get,
    deleting,
    expect(view, name) {
      const record = get(view, name);
      if (record !== undefined) return record;
      throw deleting(view, name) === undefined ? doesNotExist(name) : stateMachineDeleting(arns.stateMachine(name));
    },
    expectAny(view, name) {
      const record = get(view, name) ?? deleting(view, name);
      if (record === undefined) throw doesNotExist(name);
      return record;
    },
    owns: (view, name, number) => number >= (view.get<MachineRecord>(keys.machine(name))?.firstRevision ?? 0),
    isDeleted(view, name, number) {
      let first = firstKept.get(name);
      if (first === undefined) {
        const record = view.get<MachineRecord>(keys.machine(name));
        first = record?.deleted ? Number.POSITIVE_INFINITY : (record?.firstRevision ?? 0);
        if (firstKept.size >= mostCompiled) firstKept.clear();
        firstKept.set(name, first);
      }
      return number < first;
    },
    revision: revisions.get,
    definitionText,
    compiled: revisions.compiled,
  };
}
