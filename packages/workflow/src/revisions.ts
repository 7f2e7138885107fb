/** The revisions of state machines and what they compile to: M1 and M3 of state-machines.ts. */
import type { JsonValue } from "@serverlesspresso/ports";
import { type Diagnostic, type Machine, refuseErrors } from "@serverlesspresso/states-language";
import type { ReadView } from "@serverlesspresso/store";
import type { Core } from "./core.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";
import type { RevisionRecord } from "./records.ts";

/** What a check of this very definition found; undefined where it was not checked yet. */
export type Findings = readonly Diagnostic[] | undefined;

/** Revisions, read and compiled once. */
export interface Revisions {
  /** @throws {Error} where the machine has no such revision */
  get(view: ReadView, name: string, number: number): RevisionRecord;
  /** Checks a definition before it is stored under its hash. @throws {WorkflowError} `InvalidDefinition` */
  check(hash: string, text: string, found: Findings): void;
  compiled(view: ReadView, name: string, number: number): Machine;
  /** Forgets what was read: a number given in a transaction that is undone will be given again. */
  forget(): void;
}

/** So many revisions and compiled definitions are kept in memory. */
export const mostCompiled = 500;

/** Reads and compiles the revisions of all state machines. */
export function createRevisions(core: Core): Revisions {
  const revisions = new Map<string, RevisionRecord>();
  /** By the hash of the definition. */
  const machines = new Map<string, Machine>();
  /** The same by name and number, for the hot path. */
  const compiledByName = new Map<string, Map<number, Machine>>();

  function check(hash: string, text: string, found: Findings): void {
    try {
      refuseErrors(found ?? core.diagnoseDefinitionText(text));
      compile(hash, text);
    } catch (cause) {
      throw new WorkflowError("InvalidDefinition", (cause as Error).message, { cause });
    }
  }

  function compile(hash: string, text: string): Machine {
    const known = machines.get(hash);
    if (known !== undefined) return known;
    const machine = core.compileAccepted(JSON.parse(text) as JsonValue);
    if (machines.size >= mostCompiled) machines.delete(machines.keys().next().value as string);
    machines.set(hash, machine);
    return machine;
  }

  function get(view: ReadView, name: string, number: number): RevisionRecord {
    const id = `${name}:${number}`;
    const known = revisions.get(id);
    if (known !== undefined) return known;
    const stored = view.get<RevisionRecord>(keys.revision(name, number));
    if (stored === undefined) throw new Error(`state machine "${name}" has no revision ${number}`);
    if (revisions.size >= mostCompiled) {
      forget();
    }
    revisions.set(id, stored);
    return stored;
  }

  function forget(): void {
    revisions.clear();
    compiledByName.clear();
  }

  function compiled(view: ReadView, name: string, number: number): Machine {
    const known = compiledByName.get(name)?.get(number);
    if (known !== undefined) return known;
    const record = get(view, name, number);
    const machine = compile(record.definition, definitionText(view, record));
    const numbers = compiledByName.get(name) ?? new Map<number, Machine>();
    compiledByName.set(name, numbers.set(number, machine));
    return machine;
  }

  return { get, check, compiled, forget };
}

/** The text of a revision's definition. */
export function definitionText(view: ReadView, { definition }: RevisionRecord): string {
  return view.get<string>(keys.definition(definition)) as string;
}
