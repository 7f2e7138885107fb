import type { Blueprint, RateLimit, RouteBlueprint } from "@serverlesspresso/blueprint";
import { deviceSecretOf } from "@serverlesspresso/blueprint/edge/device-secret.ts";
import { orderAction, verdictResponse } from "@serverlesspresso/blueprint/edge/order-action.ts";
import { tookTooLong } from "@serverlesspresso/blueprint/edge/refusal.ts";
import type { Functions } from "@serverlesspresso/functions";
import type { Clock, JsonObject, JsonValue, RouteRequest, RouteResponse, States } from "@serverlesspresso/ports";
import { failureOf } from "./function-failure.ts";
import type { Call } from "./http/call.ts";
import { inRealSeconds } from "./http/rate-limits.ts";
import type { Route, RouteLimit } from "./http/route.ts";

/** The engines behind the routes. */
export interface RouteEngines {
  readonly clock: Clock;
  readonly clockRate: number;
  readonly functions: Functions;
  readonly states: States;
}

/** The blueprint's routes as the gateway serves them. */
export function createRoutes(engines: RouteEngines, { routes, rateLimits }: Pick<Blueprint, "routes" | "rateLimits">): Route[] {
  return routes.map((route) => ({
    ...route,
    limit: limitOf(rateLimits, route.rateLimit),
    needsRoom: route.opensOrder === true,
    handle: handlerOf(engines, route),
    ...(route.operationId === "putMenu" && { changes: (call: Call) => changedDrinks(engines, call) }),
    ...(route.operationId === "confirmPairing" && { made: (device: JsonValue) => device as JsonObject }),
  }));
}

/** Returns the figures of a class. @throws {RangeError} where the blueprint lacks the class */
export function limitOf(rateLimits: readonly RateLimit[], name: RateLimit["class"]): RouteLimit {
  const limit = rateLimits.find((limit) => limit.class === name);
  if (limit === undefined) throw new RangeError(`rate limit "${name}": the blueprint has no figures for it`);
  return { name, per: limit.per, burst: limit.burst, perMinute: limit.perMinute };
}

function handlerOf(engines: RouteEngines, route: RouteBlueprint): Route["handle"] {
  const { target, success } = route;
  if ("workflow" in target) return (call) => runWorkflow(engines, target.workflow, call, success.status);
  return (call) => callFunction(engines, target.function, requestOf(call, route));
}

async function callFunction({ functions, clockRate }: RouteEngines, name: string, request: RouteRequest): Promise<RouteResponse> {
  const result = await functions.invoke(name, request as unknown as JsonValue);
  if (!("functionError" in result)) return inRealSeconds(result.payload as unknown as RouteResponse, clockRate);
  if (result.payload.errorType === "Sandbox.Timedout") throw tookTooLong();
  throw failureOf(result.payload);
}

/** Returns what a function receives: never a token, and a device's secret only where the route takes one. */
function requestOf(call: Call, route: Pick<RouteBlueprint, "bearer"> = {}): RouteRequest {
  const { method, path, pathParameters, queryStringParameters, headers, body, identity, address } = call;
  const { authorization, cookie: _, ...others } = headers;
  const claims =
    identity === null ? null : { sub: identity.sub, groups: identity.groups, ...(identity.name !== undefined && { name: identity.name }) };
  return {
    method,
    path,
    pathParameters,
    queryStringParameters,
    headers: others,
    body,
    identity: claims,
    address,
    ...deviceSecretOf(route, authorization),
  };
}

async function runWorkflow({ states, clock }: RouteEngines, stateMachineName: string, call: Call, status: number): Promise<RouteResponse> {
  const input = orderAction(call, clock.nowMs()) as unknown as JsonValue;
  return verdictResponse(stateMachineName, await states.startSyncExecution({ stateMachineName, input }), status);
}

/** Drinks that a new menu adds, changes or leaves out. */
async function changedDrinks({ functions }: RouteEngines, call: Call): Promise<JsonObject> {
  const found = await functions.invoke("GetConfig", requestOf({ ...call, body: {} }) as unknown as JsonValue);
  if ("functionError" in found) return {};
  const before = entriesOf((found.payload as { readonly body?: { readonly menu?: JsonValue } }).body?.menu);
  const after = entriesOf(call.body);
  const drinks = [...new Set([...after.keys(), ...before.keys()])].filter((drink) => before.get(drink) !== after.get(drink));
  return drinks.length === 0 ? {} : { drinks: drinks.join(", ") };
}

/** What a menu says of each drink. */
function entriesOf(menu: JsonValue | undefined): Map<string, string> {
  const entries = Array.isArray(menu) ? (menu as readonly JsonObject[]) : [];
  return new Map(
    entries.map(({ drink, icon, available, modifiers = [] }) => [String(drink), JSON.stringify([icon, available, modifiers])]),
  );
}
