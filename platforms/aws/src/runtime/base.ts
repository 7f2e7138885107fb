/** What does not depend on AWS: the bar's names, time, identifiers, and the ports a function was not given. */
import { createIds } from "@serverlesspresso/clock";
import { namesOf } from "@serverlesspresso/contract";
import type { Ports } from "@serverlesspresso/ports";
import type { Declaration, Service } from "@serverlesspresso/services/declaration.ts";
import { type Deps, depsOf as depsOfPorts } from "@serverlesspresso/services/shared/deps.ts";
import { createWallClock } from "./adapters/clock.ts";

/** The bundler writes the bar in; the first bar where it writes none. */
export const names = namesOf(process.env.BAR);
/** The wall clock of the function's process. */
export const clock = createWallClock();
/** The ids that the function makes. */
export const ids = createIds(clock);

/** Returns what a service is in this bar. */
export function declarationOf<Functions extends string>({ declare }: Service<string, Functions>): Declaration<Functions> {
  return declare(names);
}

/** What a service of one function is made from. Ports it was not given fail at use, by name: what it calls stands in its `uses`. */
export function depsOf(given: Partial<Ports>): Deps {
  const others = { tables: absent("tables"), events: absent("events"), states: absent("states"), tasks: absent("tasks") };
  const more = { topics: absent("topics"), metrics: absent("metrics"), identities: absent("identities"), settings: absent("settings") };
  return depsOfPorts({ ...others, ...more, clock, ids, ...given }, names);
}

function absent<Name extends keyof Ports>(port: Name): Ports[Name] {
  const get = (): never => {
    throw new Error(`the port "${port}" was not given to this function: "uses" of its service does not say that it calls it`);
  };
  return new Proxy({}, { get }) as Ports[Name];
}
