import type { Names } from "@serverlesspresso/contract";
import type { Declaration, Service } from "./declaration.ts";

/**
 * Makes a service of what its folder's `service.ts` says. That module exports it as `service`.
 * @param module `import.meta.url`
 * @param declare what it is, given the names of its bar
 */
export function defineService<const Name extends string, const Functions extends string>(
  module: string,
  name: Name,
  declare: (names: Names) => Declaration<Functions>,
): Service<Name, Functions> {
  return { name, module, declare };
}
