import type { Engine } from "./engine.ts";
import type { Live } from "./live.ts";

/** The ARN by which the world knows an execution. */
export function arnOf(
  engine: Pick<Engine<unknown>, "arns">,
  { machine, name, express }: Pick<Live, "machine" | "name" | "express">,
): string {
  return express === undefined ? engine.arns.execution(machine, name) : engine.arns.express(machine, name, express);
}
