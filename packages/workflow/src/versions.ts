/**
 * Versions of state machines: revisions published under numbers.
 *
 * V1. A version never changes. Numbers count from 1 and are not given again while the machine exists.
 * V2. Publishing what is the newest version already makes no new one.
 * V3. A version that an alias points to is not deleted, so an alias always leads somewhere.
 */
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Engine } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";
import type { AliasRecord, VersionRecord } from "./records.ts";

/** A published version and its number. */
export interface Published extends VersionRecord {
  readonly number: number;
}

const mostVersions = 1_000;

/** Publishes the machine's current revision; where `revisionId` is given, only that. @throws {WorkflowError} `ConflictException`, `ServiceQuotaExceededException`, `StateMachineDoesNotExist` */
export function publish(
  { machines, clock }: Engine,
  tx: Transaction,
  name: string,
  { revisionId, description }: { readonly revisionId?: string | undefined; readonly description?: string | undefined },
): Published {
  const machine = machines.expect(tx, name);
  const current = machines.revision(tx, name, machine.revision);
  const currentId = current.initial ? "INITIAL" : current.revisionId;
  if (revisionId !== undefined && revisionId !== currentId) {
    const message = `Failed to publish the State Machine version for revision ${revisionId}. The current State Machine revision is ${currentId}.`;
    throw new WorkflowError("ConflictException", message);
  }
  const newest = versionsOf(tx, name, 1)[0];
  if (newest?.revision === machine.revision) return newest;
  if (tx.scan(keys.versionsOf(name)).length >= mostVersions) throw quotaExceeded(`a state machine has at most ${mostVersions} versions`);
  const number = (machine.versions ?? 0) + 1;
  const record: VersionRecord = {
    revision: machine.revision,
    createdMs: clock.nowMs(),
    ...(description !== undefined && { description }),
  };
  tx.put(keys.version(name, number), record);
  tx.put(keys.machine(name), { ...machine, versions: number });
  return { number, ...record };
}

/** The newest `limit` versions, those below `before` alone. */
export function versionsOf(view: ReadView, machine: string, limit: number, before?: number): Published[] {
  const range = keys.versionsOf(machine);
  const found = view.scan<VersionRecord>(before === undefined ? range : { ...range, end: keys.version(machine, before) }, {
    reverse: true,
    limit,
  });
  return found.map(([key, record]) => ({ number: Number(keys.qualifierOf(key)), ...record }));
}

/** The names of the aliases that point to a version. */
export function aliasesTo(view: ReadView, machine: string, version: number): string[] {
  const all = view.scan<AliasRecord>(keys.aliasesOf(machine));
  return all.filter(([, { routes }]) => routes.some(([routed]) => routed === version)).map(([key]) => keys.qualifierOf(key));
}

/** Removes a version; one that is not there is no matter. @throws {WorkflowError} `ConflictException` (V3) */
export function deleteVersion(tx: Transaction, machine: string, version: number): void {
  const aliases = aliasesTo(tx, machine, version);
  if (aliases.length > 0) {
    const message = `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${aliases.join(", ")}]`;
    throw new WorkflowError("ConflictException", message);
  }
  tx.delete(keys.version(machine, version));
}

/** Returns the error `ServiceQuotaExceededException` for `what`. */
export function quotaExceeded(what: string): WorkflowError {
  return new WorkflowError("ServiceQuotaExceededException", `Service quota exceeded: ${what}`);
}
