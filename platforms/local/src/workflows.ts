import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillDefinition, type Reference, type WorkflowBlueprint } from "@serverlesspresso/blueprint";
import type { Transaction } from "@serverlesspresso/store";
import type { Workflows } from "@serverlesspresso/workflow";
import { applyOnce } from "./applied.ts";
import { arns } from "./place.ts";

const folder = join(import.meta.dirname, "../../../blueprint");

/** Puts the blueprint's state machines. Executions that run keep the definition they started with. */
export function putWorkflows(tx: Transaction, workflows: Workflows, blueprints: readonly WorkflowBlueprint[]): void {
  for (const workflow of blueprints) {
    const definition = fillDefinition(workflow, readFileSync(join(folder, workflow.file), "utf8"), resolve);
    applyOnce(tx, "workflow", workflow.name, definition, () => {
      workflows.putStateMachine(tx, { name: workflow.name, type: workflow.type, definition });
    });
  }
}

function resolve(reference: Reference): string {
  if (reference.kind === "function") return arns.function(reference.name);
  return reference.kind === "workflow" ? arns.workflow(reference.name) : reference.name;
}
