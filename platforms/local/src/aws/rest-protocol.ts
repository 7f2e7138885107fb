/** The REST-JSON protocol: an operation is found by method and path, its members are in path, query, headers and body, as its definition says. */
import type { HttpAnswer, HttpBinding, ServiceDescription } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { parseJson } from "./body.ts";
import { AwsFailure } from "./failure.ts";
import { type AddressedCall, commonHeaders } from "./protocol.ts";
import type { WireAnswer, WireHeaders, WireRequest } from "./wire-request.ts";
import type { WireServices } from "./wire-service.ts";

/** One operation with the addresses that are its own. */
interface RestRoute {
  readonly service: ServiceDescription;
  readonly operation: string;
  readonly http: HttpBinding;
  /** Its named groups are members. */
  readonly path: RegExp;
}

/** Finds the operation that a request is for; undefined where none has the address. */
export type AddressRestCall = (request: WireRequest) => AddressedCall | undefined;

/** The routes are read from the definitions once. */
export function createAddressRestCall(services: WireServices): AddressRestCall {
  const routes = [...services.values()].flatMap(({ service }) => routesOf(service));
  return (request) => {
    const { method, pathname, headers, query } = request;
    for (const route of routes) {
      const match = route.http.method === method ? route.path.exec(pathname) : null;
      if (match !== null) return addressed(route, match.groups ?? {}, headers, new URLSearchParams(query));
    }
    return undefined;
  };
}

function routesOf(service: ServiceDescription): RestRoute[] {
  return Object.entries(service.operations).flatMap(([operation, { http }]) =>
    http === undefined ? [] : [{ service, operation, http, path: patternOf(http.path) }],
  );
}

/** `/a/{Name}` as a regular expression; a slash at the end does not matter. */
function patternOf(path: string): RegExp {
  const parts = path.split("/").map((part) => {
    const [, member, greedy] = /^\{(\w+)(\+)?\}$/.exec(part) ?? [];
    return member === undefined ? part.replaceAll(".", "\\.") : `(?<${member}>${greedy === undefined ? "[^/]+" : ".+"})`;
  });
  return new RegExp(`^${parts.join("/")}/?$`);
}

function addressed(
  route: RestRoute,
  groups: Readonly<Record<string, string>>,
  headers: WireHeaders,
  query: URLSearchParams,
): AddressedCall {
  const { service, operation, http } = route;
  const fromPath = Object.entries(groups).map(([member, text]): [string, string] => [member, decodePath(text)]);
  return {
    service: service.target,
    operation,
    decode(body) {
      const named = [
        ...fromPath,
        ...membersIn(http.query, (name) => query.get(name)),
        ...membersIn(http.headers, (name) => headers.get(name)),
      ].map(([member, text]): [string, JsonValue] => [member, http.numbers?.includes(member) ? Number(text) : text]);
      return { service: service.target, operation, request: { ...bodyOf(body, route), ...Object.fromEntries(named) } };
    },
    answer: (result, _call, requestId) => respond(result, http.answer, requestId),
    fail: failRest,
  };
}

function membersIn(names: Readonly<Record<string, string>> | undefined, read: (name: string) => string | null): [string, string][] {
  return Object.entries(names ?? {}).flatMap(([name, member]): [string, string][] => {
    const text = read(name);
    return text === null ? [] : [[member, text]];
  });
}

function bodyOf(body: Buffer, { http, service }: RestRoute): JsonObject {
  if (body.length === 0 && http.needsPayload !== true) return {};
  const value = jsonOf(body, service);
  if (http.payload !== undefined) return { [http.payload]: value };
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new AwsFailure(400, "SerializationException", "The body must be a JSON object");
}

/** @throws {AwsServiceError} in the service's words where the body is no JSON */
function jsonOf(body: Buffer, { errors }: ServiceDescription): JsonValue {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof AwsFailure) || errors.notJson === undefined) throw error;
    throw errors.notJson(error.message);
  }
}

function respond(result: JsonObject, { status, headers = {}, payload, fixed }: HttpAnswer = {}, requestId: string): WireAnswer {
  const code = Number((status === undefined ? undefined : result[status]) ?? 200);
  const told = Object.entries(headers).flatMap(([header, member]) => {
    const value = result[member];
    return typeof value === "string" ? [[header, value]] : [];
  });
  const body = fixed ?? (payload === undefined ? result : result[payload]);
  return {
    status: code,
    body: code === 204 || body === undefined ? null : JSON.stringify(body),
    headers: { ...commonHeaders("application/json", requestId), ...Object.fromEntries(told) },
  };
}

/** A failure in the words of REST services, also where no operation was found. */
export function failRest({ status, code, message, headers }: AwsFailure, requestId: string): WireAnswer {
  return {
    status,
    body: JSON.stringify({ Type: status < 500 ? "User" : "Service", message, Message: message }),
    headers: { ...commonHeaders("application/json", requestId), "x-amzn-errortype": code, ...headers },
  };
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsFailure(400, "InvalidRequestException", "The path is not encoded as UTF-8");
  }
}
