import type { RouteBlueprint } from "@serverlesspresso/services/resources.ts";

/** Returns what a route's function gets of the `Authorization` header: a device's secret, where the route takes one; never a token. */
export function deviceSecretOf(
  { bearer }: Pick<RouteBlueprint, "bearer">,
  authorization: string | undefined,
): { readonly bearer?: string } {
  const secret = bearer === undefined ? undefined : /^Bearer +([\w-]+)$/i.exec(authorization ?? "")?.[1];
  return secret === undefined ? {} : { bearer: secret };
}
