/** Where each state of a machine stands. Names are unique in a machine, so a name is a place. */
import type { Machine } from "@serverlesspresso/states-language";

export interface Place {
  readonly type: string;
  /** The Map or Parallel state around it. */
  readonly container?: string;
  /** Within a Parallel state. */
  readonly branch?: number;
  /** What it calls or reads; undefined where it needs no mock. */
  readonly resource?: string;
}
type Program = Machine["program"];
type State = NonNullable<ReturnType<Program["states"]["get"]>>;

export function placesOf({ program }: Machine): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  collect(program, {}, places);
  return places;
}

function collect({ states }: Program, around: Pick<Place, "container" | "branch">, places: Map<string, Place>): void {
  for (const name of states.keys()) {
    const state = states.get(name) as State;
    const resource = state.type === "Task" ? state.resource.arn : state.type === "Map" && state.reader ? "its ItemReader" : undefined;
    places.set(name, { type: state.type, ...around, ...(resource !== undefined && { resource }) });
    if (state.type === "Map") collect(state.processor, { container: name }, places);
    if (state.type !== "Parallel") continue;
    for (const [branch, inner] of state.branches.entries()) collect(inner, { container: name, branch }, places);
  }
}
