/** The routes that are the platform's own, beside those of the blueprint. */
import { type Blueprint, openApiDocument } from "@serverlesspresso/blueprint";
import { Refusal } from "@serverlesspresso/blueprint/edge/refusal.ts";
import { version } from "@serverlesspresso/commands";
import type { Clock, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { type Hosts, hostForPhones } from "./http/hosts.ts";
import type { Route, RouteLimit } from "./http/route.ts";
import type { Identities } from "./identity.ts";
import { place } from "./place.ts";

/** What the routes of the platform itself work with. */
export interface SystemRoutesOptions {
  readonly blueprint: Blueprint;
  readonly store: Store;
  readonly clock: Clock;
  readonly clockRate: number;
  readonly hosts: Hosts;
  readonly identities: Identities;
  /** Why no order can be taken now, in a sentence; undefined when they can. */
  readonly unavailable: () => string | undefined;
}

const looking: RouteLimit = { name: "system", per: "address", burst: 5_000, perMinute: 60_000 };

const ok = (body: unknown, headers?: Readonly<Record<string, string>>): RouteResponse => ({
  statusCode: 200,
  body: body as JsonValue,
  ...(headers !== undefined && { headers }),
});

/** Returns the routes that belong to the platform, not to a service. */
export function createSystemRoutes({ blueprint, store, clock, clockRate, hosts, identities, unavailable }: SystemRoutesOptions): Route[] {
  const { pool } = identities;
  const openApi = openApiDocument(blueprint.routes, version);
  const get = (path: string, handle: Route["handle"]): Route => ({ method: "GET", path, who: "public", limit: looking, handle });
  const jwks = async (): Promise<RouteResponse> => ok(pool.jwks(), { "cache-control": "public, max-age=60" });
  return [
    get("/healthz", async () => {
      const reason = unavailable();
      if (reason !== undefined) throw new Refusal("unavailable", reason, { "retry-after": "5" });
      return ok({ status: "ok", version });
    }),
    get("/settings.json", async ({ origin }) =>
      ok({
        bar: blueprint.names.bar,
        region: place.region,
        userPoolId: pool.poolId,
        userPoolWebClientId: pool.clientId,
        poolId: pool.poolId,
        host: hostForPhones(origin, hosts),
        orderManagerEndpoint: origin,
        APIGWEndpointValidatorService: origin,
        APIGWEndpointConfigService: origin,
        clockRate,
        nowMs: clock.nowMs(),
      }),
    ),
    get("/openapi.json", async () => ok(openApi)),
    get("/.well-known/jwks.json", jwks),
    get("/{poolId}/.well-known/jwks.json", (call) => {
      if (call.pathParameters.poolId !== pool.poolId) throw new Refusal("not-found", "There is no such user pool here.");
      return jwks();
    }),
    {
      method: "GET",
      path: "/outbox",
      who: "operator",
      limit: looking,
      handle: async () => ok({ mails: pool.listOutbox(store) }),
    },
  ];
}
