import { type Names, physicalName } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { RuleDeclaration, RuleTarget } from "@serverlesspresso/services/declaration.ts";
import type { RuleBlueprint, TargetBlueprint } from "@serverlesspresso/services/resources.ts";

/** The bar's rule that keeps every event in a log. */
export function logAll({ bar, eventSource, eventLogGroup, deadLetterQueue }: Names): RuleBlueprint {
  return {
    name: physicalName(bar, "logAll"),
    description: "keeps every event in a log",
    eventPattern: { source: [eventSource] },
    targets: [{ kind: "logGroup", name: eventLogGroup }],
    deadLetterQueue,
  };
}

/** Returns a service's rule as the bus has it. @throws {RangeError} where its events come by several buses, or it names none */
export function ruleOf({ name, description, on, detail, target }: RuleDeclaration<string>, names: Names): RuleBlueprint {
  const sources = new Set(on.map((event) => ("prefix" in event ? "bar" : event.source)));
  const [source] = sources;
  if (source === undefined || sources.size > 1)
    throw new RangeError(`rule "${name}": its events come from ${sources.size} sources, expected one`);
  return {
    name: physicalName(names.bar, name),
    ...(source !== "bar" && { bus: "default" as const }),
    description,
    eventPattern: patternOf(source === "bar" ? names.eventSource : source, on, detail),
    targets: [targetOf(target, names)],
    deadLetterQueue: names.deadLetterQueue,
  };
}

function patternOf(source: string, on: RuleDeclaration<string>["on"], detail: JsonObject | undefined): JsonObject {
  const types = on.map((event): JsonValue => ("prefix" in event ? { prefix: event.prefix } : event.detailType));
  return { source: [source], "detail-type": types, ...(detail !== undefined && { detail }) };
}

function targetOf(target: RuleTarget<string>, { bar }: Names): TargetBlueprint {
  if ("function" in target) return { kind: "function", name: physicalName(bar, target.function) };
  if ("queue" in target) return { kind: "queue", name: physicalName(bar, target.queue) };
  return { kind: "workflow", name: physicalName(bar, target.workflow), executionNamePath: target.executionNamePath };
}
