/** The npm package aws-local-stepfunctions, which runs definitions in memory. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { installPeer } from "../install-peer.ts";
import { ground, type Workload } from "./workloads.ts";

const name = "aws-local-stepfunctions";
export const peerVersion = "3.0.0";

/** What we use of it. */
interface Peer {
  readonly StateMachine: new (
    definition: JsonObject,
    options: JsonObject,
  ) => { run(input: JsonValue, options: object): { readonly result: Promise<JsonValue> } };
}

/** Runs a workload once, or says why it cannot. */
export async function openPeer(): Promise<((workload: Workload) => () => Promise<void>) | string> {
  try {
    const folder = installPeer("states", [`${name}@${peerVersion}`]);
    const { StateMachine } = (await import(pathToFileURL(join(folder, name, "build", "main.node.esm.js")).href)) as Peer;
    return ({ definition, input }) => {
      const machine = new StateMachine(definition, { validationOptions: { checkArn: false } });
      const steps = Object.entries(definition.States as Record<string, JsonObject>).filter(([, { Type }]) => Type === "Task");
      const taskResourceLocalHandlers = Object.fromEntries(steps.map(([state]) => [state, () => ground]));
      const options = { overrides: { taskResourceLocalHandlers }, context: { Execution: { Name: "bench" } } };
      return async () => void (await machine.run(input, options).result);
    };
  } catch (error) {
    return `skipped, it could not be installed: ${(error as Error).message.split("\n")[0]}`;
  }
}
