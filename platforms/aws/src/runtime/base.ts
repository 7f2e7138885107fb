/** What does not depend on AWS: time, identifiers, and the ports a function was not given. */

import { createIds } from "@serverlesspresso/clock";
import { names } from "@serverlesspresso/contract";
import type { Ports } from "@serverlesspresso/ports";
import type { Deps } from "@serverlesspresso/services/shared/deps.ts";
import { createWallClock } from "./adapters/clock.ts";

export const clock = createWallClock();
export const ids = createIds(clock);

/** What a service of one function is made from. Ports it was not given fail at use, by name: what it may call stands in `functions.ts`. */
export function depsOf(given: Partial<Ports>): Deps {
  const others = { tables: absent("tables"), events: absent("events"), states: absent("states") };
  return { ...others, topics: absent("topics"), metrics: absent("metrics"), clock, ids, names, ...given };
}

function absent<Name extends keyof Ports>(port: Name): Ports[Name] {
  const get = (): never => {
    throw new Error(`the port "${port}" was not given to this function; runtime/functions.ts says what it calls`);
  };
  return new Proxy({}, { get }) as Ports[Name];
}
