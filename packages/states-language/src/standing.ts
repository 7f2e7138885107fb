/** Keeps the scopes of an ended execution, as far as a redrive needs them. */
import { type Children, childrenOf, entryOf, type Scope, type Stood } from "./execution-state.ts";

/** Returns what remains of a scope when everything in it has ended. `children` are its children as they stood. */
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
