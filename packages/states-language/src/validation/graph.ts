/** Checks transitions: targets exist, every state is reachable, and the machine has an end. */
import type { JsonObject } from "@serverlesspresso/ports";
import { objects } from "../compile-fields.ts";
import { isObject } from "../frame.ts";
import { add, type Report } from "./report.ts";

interface Target {
  readonly name: string;
  readonly location: string;
}

/** Checks the states of one machine, branch or processor. `isTop`: only the machine itself must have an end. */
export function checkGraph(report: Report, program: JsonObject, location: string, isTop: boolean): void {
  if (!isObject(program.States)) return;
  const states = Object.entries(program.States).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  const targets = new Map(states.map(([name, state]) => [name, targetsOf(state, `${location}/States/${name}`)]));
  for (const each of targets.values()) for (const target of each) checkTarget(report, target, targets);
  if (isTop && !states.some(([, state]) => isEnd(state))) {
    add(report, "MISSING_END_STATE", "Workflow has no terminal state");
    return;
  }
  if (typeof program.StartAt !== "string") return;
  checkTarget(report, { name: program.StartAt, location: `${location}/StartAt` }, targets);
  checkReachable(report, program.StartAt, targets, location);
}

function targetsOf(state: JsonObject, location: string): Target[] {
  const found: Target[] = [];
  const look = (holder: JsonObject, field: string, at: string): void => {
    const name = holder[field];
    if (typeof name === "string") found.push({ name, location: `${at}/${field}` });
  };
  look(state, "Next", location);
  for (const [i, rule] of objects(state.Choices).entries()) look(rule, "Next", `${location}/Choices[${i}]`);
  if (state.Type === "Choice") look(state, "Default", location);
  for (const [i, catcher] of objects(state.Catch).entries()) look(catcher, "Next", `${location}/Catch[${i}]`);
  return found;
}

function isEnd(state: JsonObject): boolean {
  return state.End === true || state.Type === "Succeed" || state.Type === "Fail";
}

function checkTarget(report: Report, { name, location }: Target, states: ReadonlyMap<string, unknown>): void {
  if (!states.has(name)) add(report, "MISSING_TRANSITION_TARGET", `Missing 'Next' target: ${name}`, location);
}

function checkReachable(report: Report, startAt: string, targets: ReadonlyMap<string, readonly Target[]>, location: string): void {
  const reached = new Set([startAt]);
  for (const name of reached) for (const target of targets.get(name) ?? []) reached.add(target.name);
  for (const name of targets.keys()) {
    if (!reached.has(name)) add(report, "MISSING_TRANSITION_TARGET", `State "${name}" is not reachable.`, `${location}/States/${name}`);
  }
}
