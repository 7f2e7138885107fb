import { WorkflowError } from "./errors.ts";

/** Builds and reads the ARNs of one account in one region. */
export interface Arns {
  stateMachine(name: string): string;
  /** A version's number or an alias's name after the machine's ARN. */
  qualified(machine: string, qualifier: string | number): string;
  execution(machine: string, name: string): string;
  /** Express executions carry one more part, so that a name may be used again. */
  express(machine: string, name: string, uuid: string): string;
  activity(name: string): string;
  /** @throws {WorkflowError} `InvalidArn` */
  machineName(arn: string): string;
  /** A machine, with the version's number or the alias's name where the ARN has one. @throws {WorkflowError} `InvalidArn` */
  machine(arn: string): QualifiedMachine;
  /** @throws {WorkflowError} `InvalidArn` */
  executionName(arn: string): { readonly machine: string; readonly name: string };
  /** @throws {WorkflowError} `InvalidArn` */
  activityName(arn: string): string;
}

/** A state machine named by ARN, with the version or the alias that the ARN may add. */
export interface QualifiedMachine {
  readonly machine: string;
  readonly qualifier?: string;
}

/** Returns the printers and parsers of the ARNs of one account in one region. */
export function createArns(account: string, region: string): Arns {
  const prefix = `arn:aws:states:${region}:${account}:`;
  return {
    stateMachine: (name) => `${prefix}stateMachine:${name}`,
    qualified: (machine, qualifier) => `${prefix}stateMachine:${machine}:${qualifier}`,
    execution: (machine, name) => `${prefix}execution:${machine}:${name}`,
    express: (machine, name, uuid) => `${prefix}express:${machine}:${name}:${uuid}`,
    activity: (name) => `${prefix}activity:${name}`,
    machine(arn) {
      const [machine, qualifier] = part(arn, "stateMachine", arn.split(":").length === 8 ? 2 : 1) as [string, string?];
      return { machine, ...(qualifier !== undefined && { qualifier }) };
    },
    machineName: (arn) => part(arn, "stateMachine", 1)[0] as string,
    activityName: (arn) => part(arn, "activity", 1)[0] as string,
    executionName(arn) {
      const [machine, name] = part(arn, "execution", 2) as [string, string];
      return { machine, name };
    },
  };
}

/** The name in an activity's ARN, of whatever account. */
export function activityNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

/** An ARN of another kind than what is asked for. */
export function invalidArn(arn: string): WorkflowError {
  return new WorkflowError("InvalidArn", `Invalid Arn: 'Resource type not valid in this context: ${arn}'`);
}

function part(arn: string, kind: string, count: number): string[] {
  const [head, partition, service, , , found, ...rest] = arn.split(":");
  if (head !== "arn" || partition !== "aws" || service !== "states" || found !== kind || rest.length !== count || rest.includes("")) {
    throw invalidArn(arn);
  }
  return rest;
}
