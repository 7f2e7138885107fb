/** How scopes are kept whose execution has ended: enough for a redrive to go on from there. */
import { type Children, childrenOf, entryOf, type Scope, type Stood } from "./execution-state.ts";

/** What is left of a scope once everything that goes on in it is over; `children`: its own, as they were. */
export function standing(scope: Scope, children?: Children): Stood {
  const { state, input, variables, execution } = scope;
  const members = { state, input, variables, newestEventId: 0, execution };
  const entered = entryOf(scope);
  if (entered === undefined) return { kind: "entering", ...members };
  if (children === undefined) return { kind: "entered", ...members, entered, attempts: [] };
  return { kind: "standingStill", ...members, entered, children: stillStanding(children) };
}

function stillStanding(children: Children): Children {
  const { live, stood, toGoOn } = children;
  const stopped = Object.entries(live).map(([index, child]): [string, Stood] => [index, standing(child, childrenOf(child))]);
  const still = { live: {}, stood: { ...Object.fromEntries(stopped), ...toGoOn, ...stood }, toGoOn: undefined };
  if (children.of === "Parallel") return { ...children, ...still };
  return { ...children, ...still, run: children.run && { ...children.run, failures: 0 } };
}
