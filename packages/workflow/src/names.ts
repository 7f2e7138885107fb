import type { JsonObject } from "@serverlesspresso/ports";
import type { Arns } from "./arns.ts";
import type { Engine } from "./engine.ts";
import type { Live } from "./live.ts";
import type { ExecutionIdentity } from "./records.ts";

/** The ARN by which the world knows an execution. */
export function arnOf(engine: Pick<Engine, "arns">, { machine, name, express }: Pick<Live, "machine" | "name" | "express">): string {
  return express === undefined ? engine.arns.execution(machine, name) : engine.arns.express(machine, name, express);
}

/** The version and alias an execution was started by, as its description and its first event have them. */
export function qualifiersOf(arns: Arns, machine: string, { version, alias }: ExecutionIdentity): JsonObject {
  return {
    ...(version !== undefined && { stateMachineVersionArn: arns.qualified(machine, version) }),
    ...(alias !== undefined && { stateMachineAliasArn: arns.qualified(machine, alias) }),
  };
}
