import type { ReadView } from "@serverlesspresso/store";
import type { Engine } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";
import type { AliasRecord, ExecutionIdentity, MachineType, VersionRecord } from "./records.ts";

/** What a new execution will run: a machine's newest revision, or that of a version, which an alias may have chosen. */
export interface Target extends Pick<ExecutionIdentity, "revision" | "version" | "alias"> {
  readonly machine: string;
  readonly type: MachineType;
}

/** @throws {WorkflowError} `InvalidArn`, `StateMachineDoesNotExist` */
export function targetOf(engine: Engine, view: ReadView, stateMachineArn: string): Target {
  const { machine, qualifier } = engine.arns.machine(stateMachineArn);
  const { type, revision } = engine.machines.expect(view, machine);
  if (qualifier === undefined) return { machine, type, revision };
  if (isVersion(qualifier)) return { machine, type, ...versionOf(view, machine, Number(qualifier), stateMachineArn) };
  const alias = view.get<AliasRecord>(keys.alias(machine, qualifier));
  if (alias === undefined) throw doesNotExist(stateMachineArn);
  return { machine, type, ...versionOf(view, machine, choose(alias, engine.ids.random()), stateMachineArn), alias: qualifier };
}

/** True for a version's number; an alias's name has something that is no digit. */
export function isVersion(qualifier: string): boolean {
  return /^[1-9]\d{0,8}$/.test(qualifier);
}

/** Returns the error `StateMachineDoesNotExist`, in AWS's words. */
export function doesNotExist(stateMachineArn: string): WorkflowError {
  return new WorkflowError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${stateMachineArn}'`);
}

function versionOf(view: ReadView, machine: string, version: number, arn: string): Pick<Target, "revision" | "version"> {
  const record = view.get<VersionRecord>(keys.version(machine, version));
  if (record === undefined) throw doesNotExist(arn);
  return { revision: record.revision, version };
}

/** One of the alias's versions by their weights; `random` lies in [0, 1). */
function choose({ routes }: AliasRecord, random: number): number {
  let left = random * 100;
  const found = routes.find(([, weight]) => (left -= weight) < 0);
  return (found ?? (routes.at(-1) as AliasRecord["routes"][number]))[0];
}
