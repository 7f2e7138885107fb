/** The reports of one decision about the children of distributed Maps. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ChildReport, HistoryEvent } from "./decision.ts";
import type { ChildExecution } from "./execution-state.ts";
import { isObject } from "./frame.ts";
import type { MapState } from "./machine.ts";
import { iterationsOf, type Node, type Root, stateOf } from "./node.ts";
import { formatTimestamp } from "./timestamps.ts";

/** The part of a decision in progress that holds the reports, by the child's name. */
interface Reporting {
  children?: Map<string, ChildReport>;
}

/** Adds an event to the history of a child (C1). */
export function keepEvent(run: Reporting, execution: Node, event: HistoryEvent): void {
  reportOf(run, execution)?.events.push(event);
}

/** Returns true for a child that has a history; one that an earlier release began has no history. */
export function hasHistory({ scope, parent }: Node): boolean {
  return scope.execution !== undefined && !(parent && (stateOf(parent) as MapState).express);
}

/** Returns the ARN of a child. */
export function childArn({ parent, scope }: Node): string {
  return `${machineArn(parent).replace(":stateMachine:", ":execution:")}:${scope.execution?.name}`;
}

/** Returns `Execution` and `StateMachine` of a child's context object. */
export function childContext(root: Root, execution: Node, { name, startMs, input, redrives }: ChildExecution): JsonObject {
  const Id = machineArn(execution.parent);
  return {
    Execution: {
      Id: childArn(execution),
      ...(input !== undefined && { Input: input }),
      Name: name,
      RoleArn: root.context.Execution.RoleArn,
      StartTime: formatTimestamp(startMs),
      RedriveCount: redrives?.count ?? 0,
      ...(redrives && { RedriveTime: formatTimestamp(redrives.redriveMs) }),
    },
    StateMachine: { Id, Name: Id.slice(Id.lastIndexOf(":") + 1) },
  };
}

/** Returns the number of items of a child: those of its batch, or one. */
export function sizeOf(part: JsonValue | undefined): number {
  return isObject(part) && Array.isArray(part.Items) ? part.Items.length : 1;
}

/** Returns the name of the machine that the children of a Map run: `Name/Label`. */
function machineArn(map: Node | undefined): string {
  const mapRunArn = (map && iterationsOf(map))?.run?.arn ?? "";
  return mapRunArn.slice(0, mapRunArn.lastIndexOf(":")).replace(":mapRun:", ":stateMachine:");
}

/** Returns the report of a child; undefined if it is not an execution of its own. */
export function reportOf(run: Reporting, { scope, parent, index }: Node): ChildReport | undefined {
  return scope.execution && parent && reportAt(run, parent, index, scope.execution);
}

/** Returns the report of a child by its Map and its index there. */
export function reportAt(run: Reporting, map: Node, index: number, { name, startMs, redrives }: ChildExecution): ChildReport | undefined {
  const iterations = iterationsOf(map);
  const mapRunArn = iterations?.run?.arn;
  const state = stateOf(map);
  if (mapRunArn === undefined || state.type !== "Map") return undefined;
  run.children ??= new Map();
  let report = run.children.get(name);
  if (report === undefined) {
    const itemCount = state.batcher ? sizeOf(iterations?.items?.[index]) : 1;
    report = { mapRunArn, stateName: state.name, index, name, startMs, itemCount, isExpress: state.express, events: [] };
    run.children.set(name, report);
  }
  if (redrives) report.redrives = redrives;
  return report;
}
