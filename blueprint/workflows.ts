import { type Names, physicalName } from "@serverlesspresso/contract";
import type { JsonValue } from "@serverlesspresso/ports";
import type { Reference, WorkflowBlueprint } from "./types.ts";

const table = (name: string): Reference => ({ kind: "table", name });

/** docs/spec.md section 6. What the files call `${Name}` is said here; a platform fills it in. */
export function workflowsOf(names: Names): WorkflowBlueprint[] {
  const EventBus: Reference = { kind: "bus", name: names.bus };
  const EventSource: Reference = { kind: "eventSource", name: names.eventSource };
  return [
    {
      name: names.orderProcessor,
      shortName: "OrderProcessorWorkflow",
      type: "STANDARD",
      file: "workflows/order-processor.asl.json",
      substitutions: {
        ConfigTable: table(names.configTable),
        CountingTable: table(names.countingTable),
        OrderTable: table(names.orderTable),
        EventBus,
        EventSource,
        OrderProcessorWorkflow: { kind: "workflow", name: names.orderProcessor },
      },
    },
    {
      name: names.orderManager,
      shortName: "OrderManagerStateMachine",
      type: "EXPRESS",
      file: "workflows/order-manager.asl.json",
      substitutions: {
        ConfigTable: table(names.configTable),
        OrderTable: table(names.orderTable),
        EventBus,
        EventSource,
        SanitizeOrder: { kind: "function", name: physicalName(names.bar, "SanitizeOrder") },
      },
    },
  ];
}

/**
 * Fills in each `${Name}` of a definition's text, as CDK's and SAM's definition substitutions do.
 * @throws {RangeError} where the text has a name that the blueprint does not know
 */
export function fillDefinition(workflow: WorkflowBlueprint, text: string, resolve: (reference: Reference) => string): JsonValue {
  const filled = text.replaceAll(/\$\{([A-Za-z]+)\}/g, (_, name: string) => {
    const reference = workflow.substitutions[name];
    if (reference === undefined) throw new RangeError(`workflow "${workflow.name}": no substitution for "\${${name}}"`);
    return resolve(reference);
  });
  return JSON.parse(filled) as JsonValue;
}
